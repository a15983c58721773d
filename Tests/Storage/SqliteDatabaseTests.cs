namespace ClusterGrains.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TestDatabase _test = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_acknowledged_is_there_after_closing_and_opening_again()
    {
        _test.Open();
        var state = new GrainState<SampleState>(new SampleState { Name = "a", Revision = 1 }, null!);
        await _test.Storage.WriteStateAsync("state", GrainId.Create("sample", "a"), state, Cancellation);

        _test.Reopen();

        var read = new GrainState<SampleState>();
        await _test.Storage.ReadStateAsync("state", GrainId.Create("sample", "a"), read, Cancellation);
        Assert.Equal(state.State, read.State);
        Assert.Equal(state.ETag, read.ETag);
        Assert.Equal([state.State!.Index], await _test.Index.List("Sample", Cancellation));
    }

    [Fact]
    public async Task Every_commit_reaches_the_disk()
    {
        const int full = 2;
        _test.Open();

        var synchronous = await _test.Database.Write(
            session => session.Query("PRAGMA synchronous", row => row.GetInt32(0)), Cancellation);

        Assert.Equal([full], synchronous);
        Assert.Equal("wal", _test.Scalar("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Closing_carries_out_what_waits_checkpoints_and_refuses_the_rest()
    {
        _test.Open();
        Task<int>[] waiting;
        Task closing;
        await using (var blocked = await BlockedWriter.Block(_test.Database))
        {
            waiting = [.. Enumerable.Range(0, 10).Select(i => _test.Database.Write(_ => i, Cancellation))];
            closing = Task.Run(_test.Database.Close, Cancellation);
        }

        await closing;

        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(waiting));
        Assert.False(File.Exists(_test.Path + "-wal"));
        var failure = await Assert.ThrowsAsync<DependencyException>(() => _test.Database.Write(_ => 1, Cancellation));
        Assert.Contains("is closed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_silo_on_the_same_file_is_refused_until_the_first_has_closed_it()
    {
        _test.Open();
        using var second = _test.New();

        AssertRefused(second.Open, "in use by another process", "Storage:Sqlite:Path");

        _test.Database.Close();
        using var third = _test.New();
        third.Open();
    }

    [Fact]
    public void The_folder_is_created()
    {
        using var deep = new TestDatabase(Path.Combine(Path.GetDirectoryName(_test.Path)!, "a", "b", "c.db"));

        deep.Open();

        Assert.True(File.Exists(deep.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_one_clear_error()
    {
        File.WriteAllText(_test.Path, "");
        using var below = new TestDatabase(Path.Combine(_test.Path, "c.db"));

        AssertRefused(() => below.Open(), below.Path);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_left_alone()
    {
        _test.Open();
        _test.Database.Close();
        _test.Scalar("PRAGMA user_version = 99");

        AssertRefused(_test.New().Open, "layout 99", "newer version");

        Assert.Equal(99L, _test.Scalar("PRAGMA user_version"));
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        _test.Scalar("CREATE TABLE theirs (x)");

        AssertRefused(() => _test.Open(), "another program", "Storage:Sqlite:Path");

        Assert.Equal(1L, _test.Scalar("SELECT count(*) FROM sqlite_schema"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_left_alone()
    {
        var text = new string('x', 10_000);
        File.WriteAllText(_test.Path, text);

        AssertRefused(() => _test.Open(), "no SQLite database");

        Assert.Equal(text, File.ReadAllText(_test.Path));
    }

    [Fact]
    public async Task Reads_go_on_while_a_write_is_not_yet_committed()
    {
        _test.Open();
        await using var blocked = await BlockedWriter.Block(_test.Database);

        Assert.Empty(await _test.Index.List("Sample", Cancellation));
    }

    public void Dispose() => _test.Dispose();

    private void AssertRefused(Action open, params string[] parts)
    {
        var failure = Assert.Throws<DependencyException>(open);
        Assert.Equal(Dependency.Storage, failure.Dependency);
        Assert.StartsWith(Path.GetDirectoryName(_test.Path)!, failure.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', failure.Message);
    }
}
