//! What a row of the table is: the work, its unit, and what it should be.

/// Who is measured. The order is that of the table's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    Berth,
    /// The reference registry.
    Distribution,
    /// Debian's older build of it.
    DockerRegistry,
    /// What the machine can do at all: nginx for reads, `openssl dgst` beside a synced write for pushes.
    Limit,
}

impl Peer {
    pub const REGISTRIES: [Self; 3] = [Self::Berth, Self::Distribution, Self::DockerRegistry];
    pub const OTHERS: [Self; 3] = [Self::Distribution, Self::DockerRegistry, Self::Limit];

    /// As columns and budgets call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Berth => "Berth",
            Self::Distribution => "distribution",
            Self::DockerRegistry => "docker-registry",
            Self::Limit => "limit",
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    RequestsPerSecond,
    ImagesPerSecond,
    GibPerSecond,
    MibPerSecond,
    Milliseconds,
    CpuSecondsPerGib,
    CpuMicrosPerRequest,
    Mib,
}

impl Unit {
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestsPerSecond => "req/s",
            Self::ImagesPerSecond => "images/s",
            Self::GibPerSecond => "GiB/s",
            Self::MibPerSecond => "MiB/s",
            Self::Milliseconds => "ms",
            Self::CpuSecondsPerGib => "CPU s/GiB",
            Self::CpuMicrosPerRequest => "CPU µs/request",
            Self::Mib => "MiB",
        }
    }

    /// Whether more of it is better.
    pub fn is_rate(self) -> bool {
        matches!(
            self,
            Self::RequestsPerSecond | Self::ImagesPerSecond | Self::GibPerSecond | Self::MibPerSecond
        )
    }
}

/// What a budget compares with.
#[derive(Clone, Debug, PartialEq)]
pub enum Than {
    /// A multiple of a peer's figure in the same row.
    Peer(Peer),
    /// A multiple of Berth's own figure in another row, and how that is called.
    Row(String, &'static str),
    /// The number itself, in the row's unit.
    Figure,
}

/// What Berth should reach. A rate is a lower bound, anything else an upper one.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    pub value: f64,
    pub than: Than,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Names it where it is measured. Unique.
    pub id: String,
    pub work: String,
    pub unit: Unit,
    pub budgets: Vec<Budget>,
    /// Whether the chart shows it.
    pub is_charted: bool,
}

impl Row {
    pub fn new(id: impl Into<String>, work: impl Into<String>, unit: Unit) -> Self {
        Self { id: id.into(), work: work.into(), unit, budgets: Vec::new(), is_charted: false }
    }

    /// A budget as a multiple of a peer's figure.
    pub fn times(mut self, value: f64, peer: Peer) -> Self {
        self.budgets.push(Budget { value, than: Than::Peer(peer) });
        self
    }

    /// A budget as a multiple of Berth's own figure in another row, which `name` calls.
    pub fn times_own(mut self, value: f64, id: impl Into<String>, name: &'static str) -> Self {
        self.budgets.push(Budget { value, than: Than::Row(id.into(), name) });
        self
    }

    /// A budget as a number in the row's unit.
    pub fn within(mut self, value: f64) -> Self {
        self.budgets.push(Budget { value, than: Than::Figure });
        self
    }

    /// Shows it in the chart.
    pub fn charted(mut self) -> Self {
        self.is_charted = true;
        self
    }
}
