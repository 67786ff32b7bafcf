//! The line from one device to the server: it may break before or after a request takes effect,
//! let something happen meanwhile, and bring another answer than the server gave.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use mysafe_protocol::wire::{
    BundleResponse, ChangesQuery, ChangesResponse, HistoryResponse, ItemState, ItemWriteRequest,
    ItemWriteResponse, PeopleResponse, RecordWriteRequest, RevisionsResponse, UseRequest,
    WriteAgainRequest,
};
use mysafe_protocol::{ItemId, Signed, UserId};

use super::server::Server;
use crate::sync::{Remote, RemoteError};

/// How a line breaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Break {
    /// The request does not arrive.
    Before,
    /// The request takes effect, its answer does not arrive.
    After,
    /// The request takes effect, and half of its answer arrives: as if it were all, or where that would
    /// accuse the server of withholding something, as what a browser makes of it, an error.
    Cut,
}

type Meanwhile = Box<dyn FnOnce()>;
type Twist<T> = Option<Box<dyn Fn(T) -> T>>;

/// What a device talks through.
pub(super) struct Line {
    pub(super) server: Rc<Server>,
    /// Who is signed in.
    pub(super) user: UserId,
    /// Not signed in any more.
    pub(super) ended: Cell<bool>,
    /// Breaks at the n-th request from here on.
    pub(super) breaks: Cell<Option<(u32, Break)>>,
    /// Happens once, after the next upload took effect and before its answer arrives.
    pub(super) meanwhile: RefCell<Option<Meanwhile>>,
    /// Happens once, after the next page was made and before it arrives.
    pub(super) while_page: RefCell<Option<Meanwhile>>,
    /// Changes every page.
    pub(super) page: RefCell<Twist<ChangesResponse>>,
    /// Changes every answer about the bodies between.
    pub(super) between: RefCell<Twist<Result<RevisionsResponse, RemoteError>>>,
    /// Answers every write with "stale" and this.
    pub(super) stale: RefCell<Option<Option<ItemState>>>,
    /// Changes every answer about one item.
    pub(super) item: RefCell<Twist<Result<ItemState, RemoteError>>>,
    /// Changes every answer about earlier versions.
    pub(super) history: RefCell<Twist<Result<HistoryResponse, RemoteError>>>,
    /// Changes every bundle.
    pub(super) bundle: RefCell<Twist<Result<Signed, RemoteError>>>,
    /// Changes every answer to a search.
    pub(super) people: RefCell<Twist<Result<PeopleResponse, RemoteError>>>,
    /// Answers every request of a route with an error, without effect.
    pub(super) refuses: RefCell<Option<(&'static str, RemoteError)>>,
    /// Says of every request of a route that it is done, without effect.
    pub(super) pretends: Cell<Option<&'static str>>,
    /// Takes what is sent again, and answers that the newest revision, this very one, came first.
    pub(super) denies: Cell<bool>,
    /// Every write that was uploaded, in order.
    pub(super) writes: RefCell<Vec<ItemWriteRequest>>,
    /// How many requests each route got.
    pub(super) asked: RefCell<BTreeMap<&'static str, u32>>,
    /// Every item that something was uploaded for, in order.
    pub(super) uploads: RefCell<Vec<ItemId>>,
    /// How many pages were asked for.
    pub(super) pages: Cell<u32>,
}

impl Line {
    pub(super) fn new(server: &Rc<Server>) -> Self {
        Self::of(server, server.owner)
    }

    /// The line of somebody who is signed in.
    pub(super) fn of(server: &Rc<Server>, user: UserId) -> Self {
        Self {
            server: Rc::clone(server),
            user,
            ended: Cell::new(false),
            breaks: Cell::new(None),
            meanwhile: RefCell::new(None),
            while_page: RefCell::new(None),
            page: RefCell::new(None),
            between: RefCell::new(None),
            stale: RefCell::new(None),
            item: RefCell::new(None),
            history: RefCell::new(None),
            bundle: RefCell::new(None),
            people: RefCell::new(None),
            refuses: RefCell::new(None),
            pretends: Cell::new(None),
            denies: Cell::new(false),
            writes: RefCell::new(Vec::new()),
            asked: RefCell::default(),
            uploads: RefCell::new(Vec::new()),
            pages: Cell::new(0),
        }
    }

    /// The server is honest from here on.
    pub(super) fn end_lies(&self) {
        self.page.take();
        self.between.take();
        self.stale.take();
        self.item.take();
        self.history.take();
        self.bundle.take();
        self.people.take();
        self.refuses.take();
        self.pretends.take();
    }

    /// Says that a request was done, if that is the lie.
    fn pretend<T>(&self, route: &str, done: T) -> Option<Result<T, RemoteError>> {
        (self.pretends.get() == Some(route)).then_some(Ok(done))
    }

    fn answer<T>(
        &self,
        route: &'static str,
        effect: impl FnOnce() -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        self.answer_or(route, RemoteError::Malformed, effect)
    }

    fn answer_or<T>(
        &self,
        route: &'static str,
        cut: RemoteError,
        effect: impl FnOnce() -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        if self.ended.get() {
            return Err(RemoteError::SignInEnded);
        }
        let broken = match self.breaks.get() {
            Some((0, how)) => {
                self.breaks.set(None);
                Some(how)
            }
            Some((after, how)) => {
                self.breaks.set(Some((after - 1, how)));
                None
            }
            None => None,
        };
        if broken == Some(Break::Before) {
            return Err(RemoteError::Offline);
        }
        *self.asked.borrow_mut().entry(route).or_default() += 1;
        let refused = self.refuses.borrow().clone().filter(|(refused, _)| *refused == route);
        let answer = match refused {
            Some((_, error)) => Err(error),
            None => effect(),
        };
        match broken {
            Some(Break::Cut) => Err(cut),
            Some(_) => Err(RemoteError::Offline),
            None => answer,
        }
    }
}

impl Remote for Line {
    async fn write(
        &self,
        item: &ItemId,
        request: &ItemWriteRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        self.answer("PUT /v1/items/{item}", || {
            self.uploads.borrow_mut().push(*item);
            self.writes.borrow_mut().push(request.clone());
            if let Some(done) =
                self.pretend("PUT /v1/items/{item}", ItemWriteResponse { position: 1 })
            {
                return done;
            }
            if let Some(current) = &*self.stale.borrow() {
                return Err(RemoteError::Stale(current.clone().map(Box::new)));
            }
            let answer = self.server.write_of(&self.user, item, request);
            if let Some(happens) = self.meanwhile.take() {
                happens();
            }
            answer
        })
    }

    async fn note_use(&self, item: &ItemId, request: &UseRequest) -> Result<(), RemoteError> {
        self.answer("PUT /v1/items/{item}/use", || {
            self.uploads.borrow_mut().push(*item);
            if let Some(done) = self.pretend("PUT /v1/items/{item}/use", ()) {
                return done;
            }
            let answer = self.server.note_use_of(&self.user, item, &request.blob);
            if let Some(happens) = self.meanwhile.take() {
                happens();
            }
            answer
        })
    }

    async fn changes(&self, query: &ChangesQuery) -> Result<ChangesResponse, RemoteError> {
        self.answer("GET /v1/changes", || {
            self.pages.set(self.pages.get() + 1);
            let page = self.server.changes_of(&self.user, query);
            if let Some(happens) = self.while_page.take() {
                happens();
            }
            Ok(match &*self.page.borrow() {
                Some(twist) => twist(page),
                None => page,
            })
        })
    }

    async fn revisions(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        self.answer_or("GET /v1/items/{item}/revisions", RemoteError::Offline, || {
            let bodies = Ok(self.server.revisions_after(item, after));
            match &*self.between.borrow() {
                Some(twist) => twist(bodies),
                None => bodies,
            }
        })
    }

    async fn listed(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        self.answer("GET /v1/items/{item}/revisions", || {
            let bodies = Ok(self.server.listed_after(item, after));
            match &*self.between.borrow() {
                Some(twist) => twist(bodies),
                None => bodies,
            }
        })
    }

    async fn history(&self, item: &ItemId, before: u64) -> Result<HistoryResponse, RemoteError> {
        self.answer_or("GET /v1/items/{item}/history", RemoteError::Offline, || {
            let history = Ok(self.server.history_of(&self.user, item, before));
            match &*self.history.borrow() {
                Some(twist) => twist(history),
                None => history,
            }
        })
    }

    async fn write_again(
        &self,
        item: &ItemId,
        request: &WriteAgainRequest,
    ) -> Result<ItemWriteResponse, RemoteError> {
        self.answer("PUT /v1/items/{item}/again", || {
            self.uploads.borrow_mut().push(*item);
            self.writes.borrow_mut().push(request.write.clone());
            if let Some(done) =
                self.pretend("PUT /v1/items/{item}/again", ItemWriteResponse { position: 1 })
            {
                return done;
            }
            if let Some(current) = &*self.stale.borrow() {
                return Err(RemoteError::Stale(current.clone().map(Box::new)));
            }
            let answer = self.server.write_again(&self.user, item, request);
            if answer.is_ok() && self.denies.get() {
                return Err(RemoteError::Stale(Some(Box::new(self.server.state(item)))));
            }
            answer
        })
    }

    async fn item(&self, item: &ItemId) -> Result<ItemState, RemoteError> {
        self.answer_or("GET /v1/items/{item}", RemoteError::Offline, || {
            let found = self.server.item_of(&self.user, item);
            match &*self.item.borrow() {
                Some(twist) => twist(found),
                None => found,
            }
        })
    }

    async fn leave(&self, item: &ItemId) -> Result<(), RemoteError> {
        self.answer("DELETE /v1/items/{item}/access", || {
            self.pretend("DELETE /v1/items/{item}/access", ())
                .unwrap_or_else(|| self.server.leave(&self.user, item))
        })
    }

    async fn end_access(&self, item: &ItemId, user: &UserId) -> Result<(), RemoteError> {
        self.answer("DELETE /v1/items/{item}/access/{user}", || {
            self.pretend("DELETE /v1/items/{item}/access/{user}", ())
                .unwrap_or_else(|| self.server.end_access(&self.user, item, user))
        })
    }

    async fn bundle(&self, user: &UserId) -> Result<BundleResponse, RemoteError> {
        self.answer_or("GET /v1/users/{user}/bundle", RemoteError::Offline, || {
            let found = self.server.bundle_of(user);
            let confirmed = found.as_ref().map_or(true, |(_, confirmed)| *confirmed);
            let found = found.map(|(bundle, _)| bundle);
            let found = match &*self.bundle.borrow() {
                Some(twist) => twist(found),
                None => found,
            };
            found.map(|bundle| BundleResponse { bundle, confirmed })
        })
    }

    async fn people(&self, search: &str) -> Result<PeopleResponse, RemoteError> {
        self.answer("GET /v1/users", || {
            let found = Ok(self.server.found(search));
            match &*self.people.borrow() {
                Some(twist) => twist(found),
                None => found,
            }
        })
    }

    async fn write_record(&self, request: &RecordWriteRequest) -> Result<(), RemoteError> {
        self.answer("PUT /v1/accounts/record", || {
            if let Some(done) = self.pretend("PUT /v1/accounts/record", ()) {
                return done;
            }
            match &*self.stale.borrow() {
                Some(current) => Err(RemoteError::Stale(current.clone().map(Box::new))),
                None => self.server.write_record_of(&self.user, request),
            }
        })
    }
}
