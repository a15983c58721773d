using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class SqliteGrainStorageTests : GrainStorageContract, IDisposable
{
    private readonly TestDatabase _test = new TestDatabase().Open();

    private protected override IGrainStorage Storage => _test.Storage;

    [Theory]
    [InlineData("{ \"value\": ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_damaged_document_is_an_error_that_names_its_row_never_an_empty_state(string document)
    {
        await Create(Id("a"), new PlainState { Value = 1 });
        await _test.Database.Write(
            session => session.Execute("UPDATE state SET document = @document", ("@document", document)), Cancellation);
        var read = State(new PlainState { Value = 9 }, "before");

        var failure = await Assert.ThrowsAsync<DependencyException>(
            () => Storage.ReadStateAsync("state", Id("a"), read, Cancellation));

        Assert.Contains("state 'state' of grain 'sample/a'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("before", read.ETag);
    }

    [Fact]
    public async Task A_cleared_record_leaves_no_row()
    {
        var state = State(new SampleState { Name = "a" }, null);
        await Storage.WriteStateAsync("state", Id("a"), state, Cancellation);

        await Storage.ClearStateAsync("state", Id("a"), state, Cancellation);

        Assert.Equal(0L, _test.Scalar("SELECT count(*) FROM state"));
    }

    public void Dispose() => _test.Dispose();
}
