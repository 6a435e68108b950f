//! How pages reach the server functions: reads by [`load`], changes by [`Submission`].
//!
//! Both carry an answer as its JSON text, and a page reads it where it shows it. So the reactive machinery is compiled
//! once for all answers, not once for each: that keeps what a browser has to fetch small.

#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(feature = "ssr")]
mod render;
mod submission;

#[cfg(not(feature = "ssr"))]
use browser as side;
#[cfg(feature = "ssr")]
use render as side;

pub use submission::Submission;

use crate::error::AppError;
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

/// An answer of a server function, as the JSON it came in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// Reads the answer.
    ///
    /// Errors: `Unreachable` when it is something else, as from another version of the server.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_str(self.0.get()).map_err(|_| AppError::Unreachable)
    }

    /// The answer, where nothing is left to read.
    #[cfg(not(feature = "ssr"))]
    fn parse(json: String) -> Result<Self, AppError> {
        RawValue::from_string(json).map(Self).map_err(|_| AppError::Unreachable)
    }

    #[cfg(feature = "ssr")]
    fn of(answer: &impl Serialize) -> Result<Self, AppError> {
        serde_json::value::to_raw_value(answer).map(Self).map_err(|_| AppError::Unreachable)
    }
}

/// A call of a server function: where to, and its arguments as a form sends them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    path: &'static str,
    arguments: String,
}

impl Call {
    fn of<F: ServerFn + Serialize>(function: &F) -> Self {
        // arguments are plain fields, which always have a form
        let arguments = serde_qs::to_string(function).unwrap_or_default();
        Self { path: F::PATH, arguments }
    }
}

pub(crate) type Answer = Result<Payload, AppError>;
type Pending = Pin<Box<dyn Future<Output = Answer> + Send>>;
type Source = Arc<dyn Fn() -> Call + Send + Sync>;
type Run = Arc<dyn Fn(Call) -> Pending + Send + Sync>;

/// Data of a page that is on its way or here.
pub struct Data<T> {
    raw: Resource<Answer>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Data<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Data<T> {}

impl<T> Data<T> {
    /// Asks for the data once more; what is shown stays until it is here.
    pub fn refetch(self) {
        self.raw.refetch();
    }

    /// The resource itself, for whoever shows it.
    pub(crate) fn raw(self) -> Resource<Answer> {
        self.raw
    }
}

/// Asks for what `function` answers, and again whenever its arguments change.
pub fn load<F>(function: impl Fn() -> F + Clone + Send + Sync + 'static) -> Data<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + 'static,
    F::Output: Serialize + DeserializeOwned,
{
    let source = function.clone();
    let raw = resource(Arc::new(move || Call::of(&source())), side::run(function));
    Data { raw, kind: PhantomData }
}

/// Asks for what `function` answers once, apart from what the page shows.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn ask<F: ServerFn + Serialize>(function: &F) -> Answer {
    browser::send(Call::of(function)).await.answer
}

fn resource(source: Source, run: Run) -> Resource<Answer> {
    Resource::new(move || source(), move |call| run(call))
}
