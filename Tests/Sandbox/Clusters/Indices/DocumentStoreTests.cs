using System.Globalization;
using System.Text;
using ClusterGrains.Sandbox.Clusters.Indices;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

public sealed class DocumentStoreTests
{
    [Fact]
    public void A_million_and_a_half_small_documents_fit_into_less_than_a_gibibyte()
    {
        const int Documents = 1_500_000;
        // What is allocated bounds what is kept, and other tests have no part in it.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var store = new DocumentStore();
        var source = new byte[150];
        for (var number = 0; number < Documents; number++)
        {
            number.TryFormat(source, out _, provider: CultureInfo.InvariantCulture);
            store.Put(string.Create(CultureInfo.InvariantCulture, $"product-{number}"), source, onlyNew: false);
        }

        var used = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Documents, store.Count);
        Assert.InRange(used, Documents * 150L, 1L << 30);
        Assert.StartsWith("1234567", Encoding.UTF8.GetString(store.Find("product-1234567")!.Value.Source.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Sending_again_takes_no_memory()
    {
        var store = new DocumentStore();
        store.Put("1", "{}"u8, onlyNew: false);

        store.Put("1", "{}"u8, onlyNew: false);
        store.Put("1", "{}"u8, onlyNew: true);

        Assert.Equal((2, 3), (store.Bytes, store.Find("1")!.Value.Received));
        Assert.Equal(2, store.Find("1")!.Value.Version);
    }

    [Fact]
    public void A_document_larger_than_a_chunk_is_kept_whole()
    {
        var store = new DocumentStore();
        var large = new byte[3 << 20];
        large[^1] = 7;
        store.Put("small", "{}"u8, onlyNew: false);
        store.Put("large", large, onlyNew: false);
        store.Put("after", "[]"u8, onlyNew: false);

        Assert.True(store.Find("large")!.Value.Source.Span.SequenceEqual(large));
        Assert.True(store.Find("small")!.Value.Source.Span.SequenceEqual("{}"u8));
        Assert.True(store.Find("after")!.Value.Source.Span.SequenceEqual("[]"u8));
    }

    [Fact]
    public void Searches_see_what_was_there_at_the_last_refresh()
    {
        var store = new DocumentStore();
        store.Put("1", "{}"u8, onlyNew: false);
        store.Refresh();
        store.Put("2", "{}"u8, onlyNew: false);

        Assert.Equal(["1"], store.All(onlyVisible: true).Select(document => document.Id));
        Assert.Equal((1, 2), (store.Visible, store.Count));
    }
}
