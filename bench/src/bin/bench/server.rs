//! Starting the servers, each on a free port with files of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use bench::Client;
use tokio::{process::Command, time::sleep};

use crate::{Outcome, process::Process, row::Peer, tools::Tools};

const USER: &str = "admin";
const PASSWORD: &str = "Bench-Mark-1";
const START_TIME: Duration = Duration::from_mins(1);

/// A server that answers.
pub struct Server {
    pub peer: Peer,
    pub process: Process,
    /// From its start to its first answer.
    pub started_in: Duration,
    base: String,
}

impl Server {
    /// Starts a peer with its files in `folder`, which is made when it isn't there; [`Peer::Limit`] is nginx.
    /// The settings are those of Berth, as variables.
    pub async fn start(tools: &Tools, peer: Peer, folder: &Path, settings: &[(&str, &str)]) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let command = match peer {
            Peer::Berth => berth(tools, folder, port, settings),
            Peer::Distribution => {
                let program = tools.distribution.as_deref().ok_or("distribution is not here")?;
                registry(program, folder, port)?
            }
            Peer::DockerRegistry => registry(&tools.docker_registry, folder, port)?,
            Peer::Limit => nginx(tools, folder, port)?,
        };
        let log = folder.with_extension("log");
        let begun = Instant::now();
        let mut process = Process::start(command, &log)?;
        let base = format!("http://127.0.0.1:{port}");
        let mut client = Client::new(&base)?;
        while client.ping().await.is_err() {
            if process.has_ended() || begun.elapsed() > START_TIME {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let last: Vec<&str> = said.lines().rev().take(3).collect();
                return Err(format!("{} does not start: {}", peer.name(), last.join(" | ")).into());
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { peer, process, started_in: begun.elapsed(), base })
    }

    /// Stops it and waits for its end.
    pub async fn stop(self) -> Outcome<()> {
        self.process.stop().await
    }

    /// A client that may do `actions` in `repository`: with a token for Berth, without for the others.
    pub async fn client(&self, repository: &str, actions: &str) -> Outcome<Client> {
        let mut client = self.stranger()?;
        if self.peer == Peer::Berth {
            sign_in(&mut client, repository, actions).await?;
        }
        Ok(client)
    }

    /// As many clients with the same right, none of them connected.
    pub async fn clients(&self, count: usize, repository: &str, actions: &str) -> Outcome<Vec<Client>> {
        let first = self.client(repository, actions).await?;
        Ok((0..count).map(|_| first.another()).collect())
    }

    /// A client without a token.
    pub fn stranger(&self) -> Outcome<Client> {
        Ok(Client::new(&self.base)?)
    }
}

/// Gets a token of Berth for `actions` in `repository` and makes the client use it.
pub async fn sign_in(client: &mut Client, repository: &str, actions: &str) -> Result<(), bench::Error> {
    let scope = format!("repository:{repository}:{actions}");
    let token = client.fetch_token(USER, PASSWORD, &[&scope]).await?;
    client.set_token(token);
    Ok(())
}

fn berth(tools: &Tools, folder: &Path, port: u16, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(&tools.berth);
    command
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(folder)
        .current_dir(folder)
        .env("BERTH_ADMIN_PASSWORD", PASSWORD)
        .env("BERTH_LOG__LEVEL", "warn")
        .env("BERTH_METRICS__LISTEN", "off")
        .envs(settings.iter().copied());
    command
}

/// Both builds of distribution: with the cache that their example turns on, without logs of requests and traces.
fn registry(program: &Path, folder: &Path, port: u16) -> Outcome<Command> {
    let config = folder.with_extension("yml");
    let text = format!(
        "version: 0.1\n\
         log: {{level: error, accesslog: {{disabled: true}}}}\n\
         storage: {{cache: {{blobdescriptor: inmemory}}, filesystem: {{rootdirectory: \"{}\"}}}}\n\
         http: {{addr: \"127.0.0.1:{port}\"}}\n",
        folder.display()
    );
    fs::write(&config, text)?;
    let mut command = Command::new(program);
    command.arg("serve").arg(config).env("OTEL_TRACES_EXPORTER", "none");
    Ok(command)
}

/// nginx with the files below `folder`, at the paths that a registry would have them.
fn nginx(tools: &Tools, folder: &Path, port: u16) -> Outcome<Command> {
    let config = folder.with_extension("conf");
    let own = folder.with_extension("run");
    fs::create_dir_all(&own)?;
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path \"{}\";\n", own.join(kind).display()))
        .concat();
    let text = format!(
        "daemon off;\nworker_processes auto;\nworker_rlimit_nofile 8192;\npid \"{pid}\";\nerror_log stderr error;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;\n{temporary}\
         open_file_cache max=1000;\n\
         server {{ listen 127.0.0.1:{port} backlog=4096; root \"{root}\"; }} }}\n",
        pid = own.join("pid").display(),
        root = folder.display(),
    );
    fs::write(&config, text)?;
    let mut command = Command::new(&tools.nginx);
    command.arg("-p").arg(&own).arg("-c").arg(&config).arg("-e").arg("stderr");
    readable(folder)?;
    Ok(command)
}

/// Lets nginx' workers, which give up root, reach the files: every folder above must be passable.
fn readable(folder: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let parents: Vec<PathBuf> = folder.ancestors().take(2).map(Path::to_owned).collect();
    for folder in parents {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
