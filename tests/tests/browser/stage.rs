//! What a journey happens on: a display, a browser with the packed extension, the real server behind
//! the wire tap, a website.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;

use mysafe_tests::browser::{Extension, View, Which};
use mysafe_tests::recorder::Recorder;
use mysafe_tests::server_process::ServerProcess;
use mysafe_tests::smtp_receiver::SmtpReceiver;
use mysafe_tests::website::Website;
use mysafe_tests::workspace::{built_program, copy_folder};

use crate::computer::Computer;

/// What to do at a screen that is worth a look, by its name: "popup: forked".
pub type Look<'a> = &'a dyn Fn(&Stage, &View, &str);

/// The parts. They end in this order.
pub struct Stage {
    computer: Computer,
    server: Option<ServerProcess>,
    pub recorder: Recorder,
    pub site: Website,
    unsightly: RefCell<Vec<String>>,
    folder: tempfile::TempDir,
    mails: Option<SmtpReceiver>,
    open: bool,
    limits: BTreeMap<&'static str, &'static str>,
}

/// A stage is what happens on one computer; others can be set up beside it.
impl Deref for Stage {
    type Target = Computer;

    fn deref(&self) -> &Computer {
        &self.computer
    }
}

/// A folder with one for a server that has no data yet.
fn folder_with_server() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("server")).expect("a folder");
    folder
}

impl Stage {
    /// Sets it up; the browser starts with a fresh profile.
    #[track_caller]
    pub fn new(which: Which) -> Self {
        Self::set_up(which, folder_with_server(), Extension::built())
    }

    /// The same with a script that runs before those of the screens.
    #[track_caller]
    pub fn with_script(which: Which, script: &str) -> Self {
        let folder = folder_with_server();
        let extension = Extension::changed(folder.path(), script, &[]);
        Self::set_up(which, folder, extension)
    }

    /// The same with a server that has this data.
    #[track_caller]
    pub fn with_data(which: Which, data: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(data, &folder.path().join("server/data"));
        Self::set_up(which, folder, Extension::built())
    }

    #[track_caller]
    fn set_up(which: Which, folder: tempfile::TempDir, extension: Extension) -> Self {
        let server = ServerProcess::start(&folder.path().join("server/data"));
        let recorder = Recorder::start(server.address());
        Self {
            computer: Computer::new(which, folder.path().join("profile"), extension),
            server: Some(server),
            recorder,
            site: Website::start(),
            unsightly: RefCell::default(),
            folder,
            mails: None,
            open: false,
            limits: BTreeMap::new(),
        }
    }

    /// Another computer, with a profile that knows nothing.
    #[track_caller]
    pub fn beside(&self, which: Which, name: &str) -> Computer {
        Computer::new(which, self.folder.path().join(name), Extension::built())
    }

    /// Starts the browser on the profile it had.
    #[track_caller]
    pub fn start_browser(&mut self) {
        self.computer.start_browser();
    }

    /// Ends the browser as its menu does.
    #[track_caller]
    pub fn close_browser(&mut self) {
        self.computer.close_browser();
    }

    /// From now on another computer's browser: a profile that knows nothing.
    pub fn change_computer(&mut self) {
        self.computer.change_profile(self.folder.path().join("second-profile"));
    }

    /// The folder of the server: its data and its log.
    pub fn server_folder(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// Ends the server as its host does.
    #[track_caller]
    pub fn stop_server(&mut self) {
        self.server.take().expect("the server runs").stop();
    }

    /// Starts it again on its data, at the address it had.
    #[track_caller]
    pub fn start_server(&mut self) {
        let data = self.server_folder().join("data");
        let mails = self.mails.as_ref().map(SmtpReceiver::settings);
        let here = self.recorder.url();
        let mut settings = vec![("MYSAFE_BASE_URL", &*here)];
        settings.extend(mails.iter().flatten().map(|(name, to)| (*name, &**to)));
        if self.open {
            settings.push(("MYSAFE_SIGNUPS", "open"));
        }
        settings.extend(self.limits.iter().map(|(name, most)| (*name, *most)));
        self.server = Some(ServerProcess::start_at(&data, self.recorder.upstream(), &settings));
    }

    /// From now on the server mails people.
    #[track_caller]
    pub fn set_mail_up(&mut self) {
        self.mails = Some(SmtpReceiver::start());
        self.stop_server();
        self.start_server();
    }

    /// From now on whoever wants may sign up.
    #[track_caller]
    pub fn let_everybody_in(&mut self) {
        self.open = true;
        self.stop_server();
        self.start_server();
    }

    /// From now on the server has this limit, or none that can be felt.
    #[track_caller]
    pub fn limit(&mut self, setting: &'static str, most: Option<&'static str>) {
        match most {
            Some(most) => self.limits.insert(setting, most),
            None => self.limits.remove(setting),
        };
        self.stop_server();
        self.start_server();
    }

    /// Runs a command of the server on its data, as its operator does.
    #[track_caller]
    pub fn operate(&self, arguments: &[&str]) {
        let done = Command::new(built_program("mysafe-server"))
            .args(arguments)
            .env("MYSAFE_DATA", self.server_folder().join("data"))
            .output()
            .expect("the program runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Who takes the server's mails.
    #[track_caller]
    pub fn mails(&self) -> &SmtpReceiver {
        self.mails.as_ref().expect("mail is set up")
    }

    /// Keeps what a server that is off has stored.
    pub fn back_up(&self) {
        let folder = self.server_folder();
        copy_folder(&folder.join("data"), &folder.join("backup"));
    }

    /// Puts that back on a server that is off, as a database that fails over: nobody is told.
    #[track_caller]
    pub fn fail_over(&self) {
        let (data, backup) =
            (self.server_folder().join("data"), self.server_folder().join("backup"));
        std::fs::remove_dir_all(&data).expect("the data is lost");
        copy_folder(&backup, &data);
    }

    /// Puts that back on a server that is off, by the commands an operator uses.
    #[track_caller]
    pub fn put_back(&self) {
        self.fail_over();
        self.operate(&["new-epoch"]);
    }

    /// Has axe look at a screen, light and dark. What it finds is told at the end, all of it. People get
    /// a picture where `cargo xtask screenshots` asks for one.
    #[track_caller]
    pub fn sight(&self, screen: &str, view: &View) {
        self.sight_at(&self.computer, screen, view);
    }

    /// The same for a screen on another computer.
    #[track_caller]
    pub fn sight_at(&self, computer: &Computer, screen: &str, view: &View) {
        let album = std::env::var_os("MYSAFE_SIGHTS").map(PathBuf::from);
        self.looks_at(computer, view, |look| {
            if let Some(album) = &album {
                let name = screen.replace([':', ',', '\''], "").replace(' ', "-");
                view.screenshot(&album.join(format!("{name}-{look}.png")));
                // A popup has the size that the browser gives it.
                let sizes =
                    [(360, 800), (1920, 1080)].into_iter().filter(|_| !name.starts_with("popup"));
                for size in sizes {
                    if view.resize(Some(size)) {
                        view.wait_still();
                        view.screenshot(&album.join(format!("{name}-{look}-{}.png", size.0)));
                        view.resize(None);
                        view.wait_still();
                    }
                }
            }
            let found = view.axe().into_iter().map(|line| format!("{screen}, {look}: {line}"));
            self.unsightly.borrow_mut().extend(found);
        });
    }

    /// Does something while the page is dark, then while it is light.
    #[track_caller]
    pub fn in_both_looks(&self, view: &View, act: impl Fn(&str)) {
        self.looks_at(&self.computer, view, act);
    }

    #[track_caller]
    fn looks_at(&self, computer: &Computer, view: &View, act: impl Fn(&str)) {
        for (dark, look) in [(true, "dark"), (false, "light")] {
            computer.browser().set_dark(dark);
            // With its picture, an open page of Chromium takes the colours over.
            view.screenshot(&self.folder.path().join("look.png"));
            view.wait_until(look, |view| view.is_dark() == dark);
            view.wait_still();
            act(look);
        }
    }

    /// Fails if axe found anything, or the extension left an error on a console.
    #[track_caller]
    pub fn no_complaints(&self) {
        let unsightly = self.unsightly.borrow();
        assert!(unsightly.is_empty(), "axe found:\n{}", unsightly.join("\n"));
        let complaints = self.computer.complaints();
        assert!(complaints.is_empty(), "on the consoles:\n{}", complaints.join("\n"));
    }
}
