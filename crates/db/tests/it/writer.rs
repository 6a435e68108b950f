use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use db::{Error, Source, query};
use futures::{FutureExt, future::join_all};

use crate::fixture::{Fixture, number, say, user};

/// Commits in a write-ahead log: its frames that carry the size of the database after a commit.
fn commits_in(log: &Path) -> usize {
    const HEADER: usize = 32;
    const FRAME: usize = 24 + 4096;
    let log = std::fs::read(log).expect("a write-ahead log");
    log[HEADER..].chunks_exact(FRAME).filter(|frame| frame[4..8] != [0; 4]).count()
}

async fn users(at: &Fixture) -> i64 {
    number(at.db.conn(), "SELECT count(*) FROM users").await
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writes_are_all_visible_after_their_answers() {
    let at = Fixture::new().await;
    let writes = (0..200).map(|n| {
        let db = at.db.clone();
        async move {
            let name = format!("user-{n}");
            let new = user(&name);
            let id: Result<i64, Error> =
                db.write(move |tx| async move { query::user::insert(tx, new).await }.boxed()).await;
            let found = query::user::find_by_name(&db, &name).await.expect("a query");
            assert_eq!(found.map(|row| row.id), id.ok());
        }
    });
    join_all(writes).await;
    assert_eq!(users(&at).await, 200);
}

#[tokio::test]
async fn concurrent_writes_share_their_commits() {
    let at = Fixture::new().await;
    let log = at.file().with_extension("db-wal");
    let before = commits_in(&log);
    let writes = (0..200).map(|n| {
        let new = user(&format!("user-{n}"));
        at.db.write(move |tx| async move { query::user::insert(tx, new).await }.boxed())
    });
    let done: Vec<Result<i64, Error>> = join_all(writes).await;
    assert!(done.iter().all(Result::is_ok));
    let commits = commits_in(&log) - before;
    assert!((1..=10).contains(&commits), "{commits} commits for 200 writes");
}

#[tokio::test]
async fn a_failing_write_undoes_itself_and_nothing_else() {
    let at = Fixture::new().await;
    let writes = (0..30).map(|n| {
        at.db.write(move |tx| {
            async move {
                query::user::insert(tx, user(&format!("user-{n}"))).await?;
                if n % 3 == 0 { Err(Error::Damaged("users.username")) } else { Ok(()) }
            }
            .boxed()
        })
    });
    let done: Vec<Result<(), Error>> = join_all(writes).await;
    for (n, done) in done.iter().enumerate() {
        assert_eq!(done.is_err(), n % 3 == 0, "{n}: {done:?}");
        let found = query::user::find_by_name(&at.db, &format!("user-{n}")).await.expect("a query");
        assert_eq!(found.is_some(), done.is_ok(), "{n}");
    }
}

#[tokio::test]
async fn a_failing_write_alone_undoes_itself() {
    let at = Fixture::new().await;
    let done: Result<(), Error> = at
        .db
        .write(|tx| {
            async move {
                query::user::insert(tx, user("ann")).await?;
                query::user::insert(tx, user("ann")).await?;
                Ok(())
            }
            .boxed()
        })
        .await;
    assert!(matches!(done, Err(Error::AlreadyExists(_))), "{done:?}");
    assert_eq!(users(&at).await, 0);
}

#[tokio::test]
async fn a_panicking_write_undoes_itself_and_the_writer_goes_on() {
    let at = Fixture::new().await;
    let writes = (0..5).map(|n| {
        at.db.write(move |tx| {
            async move {
                query::user::insert(tx, user(&format!("user-{n}"))).await?;
                assert_ne!(n, 2, "a mistake in a job");
                Ok(())
            }
            .boxed()
        })
    });
    let done: Vec<Result<(), Error>> = join_all(writes).await;
    assert!(matches!(done[2], Err(Error::Lost)), "{:?}", done[2]);
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 4);
    assert_eq!(users(&at).await, 4);

    let alone: Result<(), Error> = at.db.write(|_| async move { panic!("a mistake in a job") }.boxed()).await;
    assert!(matches!(alone, Err(Error::Lost)), "{alone:?}");
    at.user("ann").await;
    assert_eq!(users(&at).await, 5);
}

#[tokio::test]
async fn a_write_sees_the_writes_before_it() {
    let at = Fixture::new().await;
    let writes = (0..10).map(|n| {
        at.db.write(move |tx| {
            async move {
                let before = number(tx.conn(), "SELECT count(*) FROM users").await;
                query::user::insert(tx, user(&format!("user-{n}"))).await?;
                Ok::<_, Error>(before)
            }
            .boxed()
        })
    });
    let done: Vec<i64> = join_all(writes).await.into_iter().map(|done| done.expect("written")).collect();
    assert_eq!(done, (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_write_whose_caller_went_away_still_runs() {
    let at = Fixture::new().await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let mut write = Box::pin(at.db.write::<_, Error, _>(move |tx| {
        async move {
            counted.fetch_add(1, Ordering::SeqCst);
            query::user::insert(tx, user("ann")).await
        }
        .boxed()
    }));
    assert!(futures::poll!(&mut write).is_pending());
    drop(write);
    at.user("bob").await;
    assert_eq!((runs.load(Ordering::SeqCst), users(&at).await), (1, 2));
}

#[tokio::test]
async fn closing_finishes_the_writes_that_were_asked_for() {
    let at = Fixture::new().await;
    let mut writes: Vec<_> =
        (0..20)
            .map(|n| {
                let new = user(&format!("user-{n}"));
                Box::pin(at.db.write::<_, Error, _>(move |tx| {
                    async move { query::user::insert(tx, new).await }.boxed()
                }))
            })
            .collect();
    for write in &mut writes {
        assert!(futures::poll!(write).is_pending());
    }
    at.db.clone().close().await.expect("closes");
    for write in writes {
        write.await.expect("written before the end");
    }
    let stranger = at.stranger().await;
    assert_eq!(number(&stranger, "SELECT count(*) FROM users").await, 20);
}

#[tokio::test]
async fn a_write_after_the_end_is_told_so() {
    let at = Fixture::new().await;
    at.db.clone().close().await.expect("closes");
    let done: Result<(), Error> = at.db.write(|_| async move { Ok(()) }.boxed()).await;
    assert!(matches!(done, Err(Error::Lost)), "{done:?}");
}

#[tokio::test]
async fn a_database_that_another_process_locks_is_unavailable_and_comes_back() {
    let at = Fixture::new().await;
    let stranger = at.stranger().await;
    say(&stranger, "BEGIN IMMEDIATE").await;
    let writes = (0..3).map(|n| {
        let new = user(&format!("user-{n}"));
        at.db.write(move |tx| async move { query::user::insert(tx, new).await }.boxed())
    });
    let done: Vec<Result<i64, Error>> = join_all(writes).await;
    assert!(done.iter().all(|done| matches!(done, Err(Error::Unavailable(_)))), "{done:?}");
    assert_eq!(users(&at).await, 0, "reading goes on meanwhile");
    say(&stranger, "ROLLBACK").await;
    at.user("ann").await;
}

#[tokio::test]
async fn hooks_of_a_write_run_after_its_commit_and_before_its_answer() {
    let at = Fixture::new().await;
    let log = at.file().with_extension("db-wal");
    let seen: Arc<Mutex<Vec<(usize, i32)>>> = Arc::default();
    let before = commits_in(&log);
    let writes = (0..10).map(|n| {
        let (seen, log, db) = (Arc::clone(&seen), log.clone(), at.db.clone());
        async move {
            let told = Arc::clone(&seen);
            let done: Result<i64, Error> = db
                .write(move |tx| {
                    async move {
                        tx.after_commit(move || told.lock().expect("whole").push((commits_in(&log), n)));
                        query::user::insert(tx, user(&format!("user-{n}"))).await
                    }
                    .boxed()
                })
                .await;
            done.expect("written");
            assert!(seen.lock().expect("whole").iter().any(|(_, told)| *told == n), "{n} is answered before");
        }
    });
    join_all(writes).await;
    let seen = seen.lock().expect("whole");
    assert!(seen.iter().all(|(commits, _)| *commits > before), "{seen:?} after {before}");
    assert_eq!(seen.iter().map(|(_, n)| *n).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
}

fn count(told: &AtomicU32) {
    told.fetch_add(1, Ordering::SeqCst);
}

#[tokio::test]
async fn hooks_of_a_write_that_is_undone_never_run() {
    let at = Fixture::new().await;
    let told = Arc::new(AtomicU32::new(0));
    let write = |fails: bool| {
        let told = Arc::clone(&told);
        at.db.write(move |tx| {
            async move {
                tx.after_commit(move || count(&told));
                if fails { Err(Error::Damaged("users.username")) } else { Ok(()) }
            }
            .boxed()
        })
    };
    write(true).await.expect_err("it fails alone");
    assert_eq!(told.load(Ordering::SeqCst), 0);
    join_all((0..6).map(|n| write(n % 2 == 0))).await;
    assert_eq!(told.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn hooks_of_a_batch_that_is_not_committed_never_run() {
    let at = Fixture::new().await;
    let told = Arc::new(AtomicU32::new(0));
    let stranger = at.stranger().await;
    say(&stranger, "CREATE TABLE parents (id INTEGER PRIMARY KEY)").await;
    say(
        &stranger,
        "CREATE TABLE children (id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)",
    )
    .await;
    let hook = Arc::clone(&told);
    let done: Result<(), Error> = at
        .db
        .write(move |tx| {
            async move {
                tx.after_commit(move || count(&hook));
                say(tx.conn(), "INSERT INTO children VALUES (7)").await;
                Ok(())
            }
            .boxed()
        })
        .await;
    done.expect_err("the commit finds a child without its parent");
    assert_eq!(told.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_panicking_hook_stops_neither_its_write_nor_the_writer() {
    let at = Fixture::new().await;
    let id: Result<i64, Error> = at
        .db
        .write(|tx| {
            async move {
                tx.after_commit(|| panic!("a mistake in a hook"));
                query::user::insert(tx, user("ann")).await
            }
            .boxed()
        })
        .await;
    id.expect("written");
    at.user("bob").await;
    assert_eq!(users(&at).await, 2);
}
