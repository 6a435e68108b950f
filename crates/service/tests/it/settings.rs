//! What administrators decide for the whole system.

use service::{
    Denial, Error,
    setting::{SettingsChange, SystemSettings},
    testing::World,
};

use crate::util::{assert_denied, assert_error, request};

const ON: SystemSettings = SystemSettings { self_registration: true, read_only: false };
const OFF: SystemSettings = SystemSettings { self_registration: false, read_only: false };

#[tokio::test]
async fn nobody_registers_until_it_is_decided_and_a_decision_counts_at_once_and_after_a_start() {
    let world = World::new().await;
    let settings = &world.services.settings;
    assert_eq!(settings.get().await.expect("read"), OFF);
    let admin = world.admin().await;
    for decided in [ON, OFF, ON] {
        settings.update(&admin, decided).await.expect("decided");
        assert_eq!(settings.get().await.expect("read"), decided);
    }
    let world = world.crash().await;
    assert_eq!(world.services.settings.get().await.expect("read"), ON);
}

#[tokio::test]
async fn only_administrators_decide() {
    let world = World::new().await;
    let ann = request(&world.user("ann").await, "ann");
    let settings = &world.services.settings;
    assert_error!(settings.update(&ann, ON).await, Error::Forbidden(_));
    assert_denied(settings.update(&World::anonymous(), ON).await, Denial::NoCredentials);
    assert_eq!(settings.get().await.expect("read"), OFF);
    assert_eq!(world.audit_of("ann").await, []);
}

#[tokio::test]
async fn decisions_are_in_the_audit_log() {
    let world = World::new().await;
    let admin = request(&world.admin().await, "decide");
    world.services.settings.update(&admin, ON).await.expect("decided");
    let rows = world.audit_of("decide").await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!((row.actor.as_str(), row.operation.as_str()), ("admin", "update"));
    assert_eq!(
        (row.resource_type.as_str(), row.resource.as_str()),
        ("configuration", "self_registration=true")
    );
    assert_eq!((row.project_id, row.is_success), (None, true));
}

#[tokio::test]
async fn what_is_not_decided_anew_stays() {
    let world = World::new().await;
    let admin = request(&world.admin().await, "decide");
    let settings = &world.services.settings;
    settings.update(&admin, ON).await.expect("decided");
    let read_only = SettingsChange { read_only: Some(true), ..SettingsChange::default() };
    settings.update(&admin, read_only).await.expect("decided");
    assert_eq!(settings.get().await.expect("read"), SystemSettings { read_only: true, ..ON });
    settings.update(&admin, read_only).await.expect("nothing to do");
    let rows = world.audit_of("decide").await;
    let told: Vec<_> = rows.iter().map(|row| row.resource.as_str()).collect();
    assert_eq!(told, ["self_registration=true", "read_only=true"]);
}
