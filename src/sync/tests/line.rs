//! The line from one device to the server: it may break before or after a request takes effect,
//! let something happen meanwhile, and bring another answer than the server gave.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use mysafe_protocol::wire::{
    ChangesQuery, ChangesResponse, ErrorCode, HistoryResponse, ItemState, ItemWriteRequest,
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
            uploads: RefCell::new(Vec::new()),
            pages: Cell::new(0),
        }
    }

    fn answer<T>(&self, effect: impl FnOnce() -> Result<T, RemoteError>) -> Result<T, RemoteError> {
        self.answer_or(RemoteError::Malformed, effect)
    }

    fn answer_or<T>(
        &self,
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
        let answer = effect();
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
        self.answer(|| {
            self.uploads.borrow_mut().push(*item);
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
        self.answer(|| {
            self.uploads.borrow_mut().push(*item);
            let answer = self.server.note_use_of(&self.user, item, &request.blob);
            if let Some(happens) = self.meanwhile.take() {
                happens();
            }
            answer
        })
    }

    async fn changes(&self, query: &ChangesQuery) -> Result<ChangesResponse, RemoteError> {
        self.answer(|| {
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
        self.answer_or(RemoteError::Offline, || {
            let bodies = Ok(self.server.revisions_after(item, after));
            match &*self.between.borrow() {
                Some(twist) => twist(bodies),
                None => bodies,
            }
        })
    }

    async fn listed(&self, item: &ItemId, after: u64) -> Result<RevisionsResponse, RemoteError> {
        self.answer(|| {
            let bodies = Ok(self.server.listed_after(item, after));
            match &*self.between.borrow() {
                Some(twist) => twist(bodies),
                None => bodies,
            }
        })
    }

    async fn history(&self, item: &ItemId, before: u64) -> Result<HistoryResponse, RemoteError> {
        self.answer_or(RemoteError::Offline, || {
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
        self.answer(|| {
            self.uploads.borrow_mut().push(*item);
            if let Some(current) = &*self.stale.borrow() {
                return Err(RemoteError::Stale(current.clone().map(Box::new)));
            }
            self.server.write_again(item, request)
        })
    }

    async fn item(&self, item: &ItemId) -> Result<ItemState, RemoteError> {
        self.answer_or(RemoteError::Offline, || {
            let found = self.server.item_of(&self.user, item);
            match &*self.item.borrow() {
                Some(twist) => twist(found),
                None => found,
            }
        })
    }

    async fn leave(&self, item: &ItemId) -> Result<(), RemoteError> {
        self.answer(|| self.server.leave(&self.user, item))
    }

    async fn bundle(&self, user: &UserId) -> Result<Signed, RemoteError> {
        self.answer_or(RemoteError::Offline, || {
            let found = self.server.data.borrow().people.get(user).cloned();
            let found = found.ok_or(RemoteError::Refused(ErrorCode::NotFound));
            match &*self.bundle.borrow() {
                Some(twist) => twist(found),
                None => found,
            }
        })
    }

    async fn people(&self, search: &str) -> Result<PeopleResponse, RemoteError> {
        self.answer(|| {
            let found = Ok(self.server.found(search));
            match &*self.people.borrow() {
                Some(twist) => twist(found),
                None => found,
            }
        })
    }

    async fn write_record(&self, request: &RecordWriteRequest) -> Result<(), RemoteError> {
        self.answer(|| match &*self.stale.borrow() {
            Some(current) => Err(RemoteError::Stale(current.clone().map(Box::new))),
            None => self.server.write_record_of(&self.user, request),
        })
    }
}
