#include "base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Names(const std::string& path) {
  StatusOr<std::vector<std::string>> names = ListDirectory(path);
  EXPECT_TRUE(names.ok()) << Message(names.status());
  return names.ok() ? *names : std::vector<std::string>{};
}

TEST(File, WriteThenRead) {
  const TemporaryDirectory dir;
  const std::string path = dir / "a";
  ASSERT_TRUE(WriteFileAtomically(path, std::string_view("x\0y", 3)).ok());
  EXPECT_EQ(*ReadFile(path), std::string("x\0y", 3));
  ASSERT_TRUE(WriteFileAtomically(path, "").ok());
  EXPECT_EQ(*ReadFile(path), "");
  EXPECT_EQ(*FileSize(path), 0);
  EXPECT_THAT(Names(dir.path()), ElementsAre("a"));
}

TEST(File, ReadErrorsNameThePathAndTheReason) {
  const TemporaryDirectory dir;
  EXPECT_EQ(Message(ReadFile(dir / "none").status()),
            fmt::format("cannot open '{}/none': No such file or directory", dir.path()));
  EXPECT_EQ(ReadFile(dir / "none").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Message(ReadFile(dir.path()).status()),
            fmt::format("'{}' is a directory, expected a file", dir.path()));
  EXPECT_EQ(Message(MappedFile::Open(dir.path()).status()),
            fmt::format("'{}' is a directory, expected a file", dir.path()));
  ASSERT_TRUE(WriteFileAtomically(dir / "a", "12345").ok());
  EXPECT_EQ(Message(ReadFile(dir / "a", 4).status()),
            fmt::format("'{}/a' has 5 bytes, expected at most 4", dir.path()));
  EXPECT_EQ(*ReadFile(dir / "a", 5), "12345");
}

TEST(File, ReadsFilesThatDoNotTellTheirSize) {
  EXPECT_THAT(*ReadFile("/proc/self/status"), HasSubstr("Pid:"));
  EXPECT_FALSE(ReadFile("/proc/self/status", 10).ok());
  EXPECT_FALSE(ReadFile("/dev/zero", 100000).ok());
  const TemporaryDirectory dir;
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  const std::string text(200000, 'p');
  std::thread writer([&] {
    const int fd = open((dir / "pipe").c_str(), O_WRONLY);
    size_t done = 0;
    while (done < text.size()) done += write(fd, text.data() + done, text.size() - done);
    close(fd);
  });
  EXPECT_EQ(*ReadFile(dir / "pipe"), text);
  writer.join();
}

TEST(File, MapsFilesAndDropsPages) {
  const TemporaryDirectory dir;
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i);
  ASSERT_TRUE(WriteFileAtomically(dir / "a", text).ok());
  const auto mapped = *MappedFile::Open(dir / "a");
  EXPECT_EQ(mapped->text(), text);
  mapped->DropPages(5, 100000);
  mapped->DropPages(0, text.size() + 100);
  mapped->DropPages(text.size() + 5, 7);
  EXPECT_EQ(mapped->text(), text);
  ASSERT_TRUE(WriteFileAtomically(dir / "empty", "").ok());
  EXPECT_TRUE((*MappedFile::Open(dir / "empty"))->bytes().empty());
  EXPECT_THAT(Message(MappedFile::Open("/dev/null").status()), HasSubstr("not a regular file"));
}

TEST(FileWriter, NothingAppearsBeforeCommit) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(dir / "a", "old").ok());
  {
    FileWriter writer = *FileWriter::Create(dir / "a");
    ASSERT_TRUE(writer.Write("new").ok());
    EXPECT_EQ(writer.position(), 3);
    EXPECT_EQ(*ReadFile(dir / "a"), "old");
    EXPECT_EQ(Names(dir.path()).size(), 2U);
    EXPECT_TRUE(IsTemporaryName(Names(dir.path())[1]));
  }
  EXPECT_THAT(Names(dir.path()), ElementsAre("a"));
  EXPECT_EQ(*ReadFile(dir / "a"), "old");
}

TEST(FileWriter, LargeSmallAndPatchedPieces) {
  const TemporaryDirectory dir;
  FileWriter writer = *FileWriter::Create(dir / "a");
  std::string expected = "HEAD";
  ASSERT_TRUE(writer.Write("????").ok());
  for (const size_t size :
       {size_t{1}, size_t{0}, size_t{3} << 20, size_t{700000}, size_t{1} << 20, size_t{7}}) {
    const std::string piece(size, static_cast<char>('a' + size % 26));
    ASSERT_TRUE(writer.Write(piece).ok());
    expected += piece;
  }
  ASSERT_TRUE(writer.WriteAt(0, "HEAD", 4).ok());
  ASSERT_TRUE(writer.Write("tail").ok());
  EXPECT_EQ(writer.position(), static_cast<int64_t>(expected.size()) + 4);
  FileWriter moved = std::move(writer);
  ASSERT_TRUE(moved.Commit().ok());
  EXPECT_EQ(*ReadFile(dir / "a"), expected + "tail");
}

TEST(FileWriter, LeftoversOfAKilledProcessAreNoObstacle) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(fmt::format("{}/a.tmp-{}-0", dir.path(), getpid()), "stale").ok());
  ASSERT_TRUE(WriteFileAtomically(dir / "a", "fresh").ok());
  EXPECT_EQ(*ReadFile(dir / "a"), "fresh");
}

TEST(FileWriter, FollowsLinksAndKeepsPermissions) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(dir / "real", "old").ok());
  ASSERT_EQ(chmod((dir / "real").c_str(), 0640), 0);
  ASSERT_EQ(symlink("real", (dir / "link").c_str()), 0);
  ASSERT_TRUE(WriteFileAtomically(dir / "link", "new").ok());
  EXPECT_EQ(*ReadFile(dir / "real"), "new");
  struct stat info;
  ASSERT_EQ(lstat((dir / "link").c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
  ASSERT_EQ(stat((dir / "real").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
}

TEST(FileWriter, DevicesAreWrittenInPlace) {
  ASSERT_TRUE(WriteFileAtomically("/dev/null", "gone").ok());
  struct stat info;
  ASSERT_EQ(stat("/dev/null", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode));
  const Status full = WriteFileAtomically("/dev/full", "no room");
  EXPECT_EQ(Message(full), "cannot write '/dev/full': No space left on device");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
}

TEST(FileWriter, ImpossiblePlacesAreErrors) {
  const TemporaryDirectory dir;
  EXPECT_THAT(Message(WriteFileAtomically(dir / "no/such/a", "x")), HasSubstr("No such file or directory"));
  EXPECT_THAT(Message(WriteFileAtomically(dir.path(), "x")), HasSubstr("it is a directory"));
  ASSERT_TRUE(WriteFileAtomically(dir / "file", "x").ok());
  EXPECT_THAT(Message(WriteFileAtomically(dir / "file/a", "x")), HasSubstr("Not a directory"));
}

// A file-size limit stands for the full disk: the write fails midway, the old file stays, no rubbish is left.
TEST(FileWriter, AFailedWriteLeavesTheOldFile) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(dir / "a", "old").ok());
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{100000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status large = WriteFileAtomically(dir / "a", std::string(3 << 20, 'x'));
  const Status buffered = WriteFileAtomically(dir / "a", std::string(200000, 'x'));
  Status ignored_error;
  {
    FileWriter writer = *FileWriter::Create(dir / "a");
    const Status first = writer.Write(std::string(3 << 20, 'x'));
    EXPECT_FALSE(first.ok());
    EXPECT_EQ(writer.Write("y"), first);
    ignored_error = writer.Commit();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(Message(large), HasSubstr("File too large"));
  EXPECT_THAT(Message(buffered), HasSubstr("File too large"));
  EXPECT_THAT(Message(ignored_error), HasSubstr("File too large"));
  EXPECT_EQ(*ReadFile(dir / "a"), "old");
  EXPECT_THAT(Names(dir.path()), ElementsAre("a"));
}

TEST(Directory, AppearsWholeOrNotAtAll) {
  const TemporaryDirectory dir;
  const Status failed = WriteDirectoryAtomically(dir / "d", [&](const std::string& at) {
    WEFT_RETURN_IF_ERROR(WriteFileAtomically(at + "/x", "1"));
    EXPECT_FALSE(Exists(dir / "d"));
    return InvalidArgument("broken");
  });
  EXPECT_EQ(Message(failed), "broken");
  EXPECT_THAT(Names(dir.path()), IsEmpty());
  ASSERT_TRUE(WriteDirectoryAtomically(dir / "d/", [](const std::string& at) {
                WEFT_RETURN_IF_ERROR(CreateDirectories(at + "/sub/sub"));
                return WriteFileAtomically(at + "/sub/sub/x", "1");
              }).ok());
  EXPECT_EQ(*ReadFile(dir / "d/sub/sub/x"), "1");
  EXPECT_THAT(Names(dir.path()), ElementsAre("d"));
  const Status again = WriteDirectoryAtomically(dir / "d", [](const std::string&) { return OkStatus(); });
  EXPECT_THAT(Message(again), HasSubstr("it exists already"));
  EXPECT_THAT(Names(dir.path()), ElementsAre("d"));
}

TEST(Directory, OneThatAppearsMeanwhileIsKept) {
  const TemporaryDirectory dir;
  const Status status =
      WriteDirectoryAtomically(dir / "d", [&](const std::string&) { return CreateDirectories(dir / "d"); });
  EXPECT_THAT(Message(status), HasSubstr("File exists"));
  EXPECT_THAT(Names(dir.path()), ElementsAre("d"));
}

TEST(Directory, LinksAreReplaced) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(WriteFileAtomically(dir / "one", "1").ok());
  ASSERT_TRUE(WriteFileAtomically(dir / "two", "2").ok());
  ASSERT_TRUE(ReplaceLink(dir / "latest", "one").ok());
  EXPECT_EQ(*ReadFile(dir / "latest"), "1");
  ASSERT_TRUE(ReplaceLink(dir / "latest", "two").ok());
  EXPECT_EQ(*ReadFile(dir / "latest"), "2");
  EXPECT_THAT(Names(dir.path()), ElementsAre("latest", "one", "two"));
  EXPECT_FALSE(ReplaceLink(dir / "none/latest", "two").ok());
}

TEST(Directory, CreateRemoveList) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(CreateDirectories(dir / "b/c/").ok());
  ASSERT_TRUE(CreateDirectories(dir / "b/c").ok());
  EXPECT_TRUE(IsDirectory(dir / "b/c"));
  ASSERT_TRUE(WriteFileAtomically(dir / "b/c/file", "").ok());
  EXPECT_FALSE(IsDirectory(dir / "b/c/file"));
  EXPECT_THAT(Message(CreateDirectories(dir / "b/c/file")), HasSubstr("Not a directory"));
  EXPECT_FALSE(CreateDirectories(dir / "b/c/file/d").ok());
  ASSERT_TRUE(CreateDirectories(dir / "B").ok());
  EXPECT_THAT(Names(dir.path()), ElementsAre("B", "b"));
  EXPECT_TRUE(RemoveAll(dir / "b").ok());
  EXPECT_TRUE(RemoveAll(dir / "b").ok());
  EXPECT_FALSE(Exists(dir / "b"));
  EXPECT_FALSE(ListDirectory(dir / "b").ok());
  EXPECT_FALSE(FileSize(dir.path()).ok());
}

TEST(File, PathsJoin) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
  EXPECT_EQ(JoinPath("a", "/b"), "/b");
}

TEST(File, TemporaryNames) {
  EXPECT_TRUE(IsTemporaryName("a.tmp-1-0"));
  EXPECT_TRUE(IsTemporaryName("step-00001000.tmp-4711-12"));
  EXPECT_FALSE(IsTemporaryName("a"));
  EXPECT_FALSE(IsTemporaryName("a.tmp-"));
  EXPECT_FALSE(IsTemporaryName("a.tmp-1"));
  EXPECT_FALSE(IsTemporaryName("a.tmp-1-x"));
  EXPECT_FALSE(IsTemporaryName("a.tmp--1"));
  EXPECT_FALSE(IsTemporaryName("a.tmp-1-"));
  EXPECT_FALSE(IsTemporaryName("a.tmp-1-2-3"));
}

}  // namespace
}  // namespace weft
