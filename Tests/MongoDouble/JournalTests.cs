using ClusterGrains.Tests.History;
using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

public sealed class JournalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Place => Path.Combine(_folder.Path, "journal");

    [Fact]
    public async Task What_is_durable_is_replayed_in_order()
    {
        await Append(1, 2, 3);
        await Append(4);

        Assert.Equal([1, 2, 3, 4], Replayed());
    }

    [Fact]
    public async Task A_record_that_is_torn_anywhere_is_cut_off_and_writing_goes_on_behind_the_last_whole_one()
    {
        await Append(1, 2);
        var whole = new FileInfo(Place).Length;
        await Append(3);
        var bytes = await File.ReadAllBytesAsync(Place, TestContext.Current.CancellationToken);

        for (var length = whole; length < bytes.Length; length++)
        {
            await File.WriteAllBytesAsync(Place, bytes[..(int)length], TestContext.Current.CancellationToken);
            Assert.Equal([1, 2], Replayed());
            await Append(4);
            Assert.Equal([1, 2, 4], Replayed());
        }
    }

    [Fact]
    public async Task A_record_whose_bytes_have_changed_is_not_replayed()
    {
        await Append(1, 2);
        var bytes = await File.ReadAllBytesAsync(Place, TestContext.Current.CancellationToken);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(Place, bytes, TestContext.Current.CancellationToken);

        Assert.Equal([1], Replayed());
    }

    [Fact]
    public async Task What_it_is_rewritten_with_takes_the_place_of_all_before()
    {
        using (var journal = new Journal(Place, _ => { }))
        {
            journal.Append(Record(1));
            journal.Rewrite([Record(2), Record(3)]);
            journal.Append(Record(4));
            await journal.Durable();
        }

        Assert.Equal([2, 3, 4], Replayed());
    }

    [Fact]
    public async Task A_rewriting_that_did_not_come_to_its_end_changes_nothing()
    {
        await Append(1, 2);
        await File.WriteAllTextAsync(Place + ".new", "half", TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], Replayed());
    }

    public void Dispose() => _folder.Dispose();

    private async Task Append(params int[] records)
    {
        using var journal = new Journal(Place, _ => { });
        foreach (var record in records)
        {
            journal.Append(Record(record));
        }

        await journal.Durable();
    }

    private List<int> Replayed()
    {
        var found = new List<int>();
        new Journal(Place, record => found.Add(record["n"].AsInt32)).Dispose();
        return found;
    }

    private static BsonDocument Record(int number) => new("n", number);
}
