using ClusterGrains.Fleet;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterGrains.Tests.Storage;

/// <summary>Pages of the index: what the fleet API shows.</summary>
public abstract partial class ResourceIndexContract
{
    [Fact]
    public async Task A_page_goes_by_namespace_and_name_and_the_next_one_goes_on_behind_it()
    {
        await WriteAll("b/one", "a/two", "a-b/one", "a/one", "B/one", "a/three");

        var first = await Page(limit: 4);
        var second = await Page(limit: 4, after: first[^1]);

        Assert.Equal(["B/one", "a/one", "a/three", "a/two"], first);
        Assert.Equal(["a-b/one", "b/one"], second);
        Assert.Empty(await Page(limit: 4, after: second[^1]));
    }

    [Fact]
    public async Task Pages_of_any_size_show_every_row_once()
    {
        var all = (from space in (string[])["a", "a-b", "a.b", "b"] from name in (string[])["x", "x-1", "x.1", "x1", "y"] select $"{space}/{name}").ToArray();
        await WriteAll(all);

        for (var limit = 1; limit <= all.Length + 1; limit++)
        {
            var seen = new List<string>();
            for (string? after = null; ; after = seen[^1])
            {
                var page = await Page(limit, after);
                Assert.InRange(page.Count, 0, limit);
                seen.AddRange(page);
                if (page.Count < limit)
                {
                    break;
                }
            }

            Assert.Equal(all, seen);
        }
    }

    [Fact]
    public async Task A_page_has_nothing_of_a_namespace_that_was_not_asked_for()
    {
        await WriteAll("a/one", "b/one", "c/one", "d/one");

        Assert.Equal(["b/one", "d/one"], await Page(namespaces: ["d", "b"]));
        Assert.Equal(["d/one"], await Page(namespaces: ["d", "b"], after: "b/one"));
        Assert.Equal(["d/one"], await Page(namespaces: ["d", "b"], after: "c/one"));
        Assert.Empty(await Page(namespaces: ["b"], after: "c/one"));
        Assert.Empty(await Page(namespaces: ["nobody"]));
        Assert.Empty(await Page(namespaces: []));
    }

    [Fact]
    public async Task A_page_goes_on_behind_a_row_that_is_gone()
    {
        await WriteAll("a/one", "a/two", "b/one");

        Assert.Equal(["a/two", "b/one"], await Page(after: "a/seven"));
        Assert.Equal(["b/one"], await Page(after: "a/zero"));
        Assert.Equal(["b/one"], await Page(after: "aa/one"));
    }

    [Fact]
    public async Task A_page_shows_names_that_begin_as_asked_for_in_every_namespace()
    {
        await WriteAll("a/logs", "a/logs-1", "a/log", "b/logs.eu", "b/Logs", "b/products", "c/logt", "c/logs\u00fc");

        Assert.Equal(["a/logs", "a/logs-1", "b/logs.eu", "c/logs\u00fc"], await Page(prefix: "logs"));
        Assert.Equal(["a/logs-1", "b/logs.eu"], await Page(limit: 2, prefix: "logs", after: "a/logs"));
        Assert.Equal(["b/logs.eu", "c/logs\u00fc"], await Page(prefix: "logs", after: "b/a"));
        Assert.Empty(await Page(prefix: "%"));
    }

    [Fact]
    public async Task What_is_retired_is_on_no_page_and_what_retires_can_be_asked_for()
    {
        await WriteAll("a/one");
        await Write(new SampleState { Name = "two", Namespace = "a", Phase = "Retiring" });
        await Write(new SampleState { Name = "three", Namespace = "a", Phase = "Retired" });
        await Write(new SampleState { Name = "one", Namespace = "gone", Phase = "Retired" });

        Assert.Equal(["a/one", "a/two"], await Page());
        Assert.Equal(["a/two"], await Page(phase: "Retiring"));
        Assert.Equal(["a/one"], await Page(phase: "Active"));
        Assert.Empty(await Page(phase: "Retired"));
    }

    [Fact]
    public async Task A_page_has_one_kind_only()
    {
        await WriteAll("a/one");
        await Write(new SampleState { Name = "two", Namespace = "a", Kind = "Sample2" });

        Assert.Equal(["a/one"], await Page());
        Assert.Equal(["a"], await Index.Namespaces("Sample2", Cancellation));
    }

    [Fact]
    public async Task Namespaces_are_listed_once_each_in_order()
    {
        await WriteAll("b/one", "a-b/one", "a/one", "b/two", "B/one");
        await Write(new SampleState { Name = "one", Namespace = "gone", Phase = "Retired" });

        Assert.Equal(["B", "a", "a-b", "b", "gone"], await Index.Namespaces("Sample", Cancellation));
        Assert.Empty(await Index.Namespaces("Other", Cancellation));
    }

    [Fact]
    public async Task Any_page_is_what_reading_everything_and_choosing_would_give()
    {
        string[] spaces = ["a", "b", "c"];
        string[] names = ["x", "xy", "xyz", "y", "z"];
        var rows = (from space in spaces from name in names select (Space: space, Name: name, Phase: Phase(space, name))).ToArray();
        foreach (var row in rows)
        {
            await Write(new SampleState { Name = row.Name, Namespace = row.Space, Phase = row.Phase });
        }

        var queries = Gen.Select(
            Gen.Int[0, 7].Select(chosen => spaces.Where((_, space) => (chosen >> space) % 2 == 1).ToArray()),
            OneOf("", "x", "xy", "q"),
            OneOf(null, "Active", "Retiring"),
            Gen.Select(OneOf("", "a", "b", "bb", "c"), OneOf(names)),
            Gen.Int[1, 16]);
        await queries.SampleAsync(
            async query =>
            {
                var (chosen, prefix, phase, (space, name), limit) = query;
                ResourceKey? after = space!.Length == 0 ? null : new ResourceKey(space, name!);
                var expected = rows
                    .Where(row => chosen.Contains(row.Space) && row.Name.StartsWith(prefix!, StringComparison.Ordinal))
                    .Where(row => row.Phase == (phase ?? row.Phase) && row.Phase != "Retired")
                    .Where(row => after is not { } last || (row.Space, row.Name).CompareTo((last.Namespace, last.Name)) > 0)
                    .Take(limit)
                    .Select(row => $"{row.Space}/{row.Name}");

                Assert.Equal(expected, await Page(limit, after?.ToString(), chosen, prefix!, phase));
            },
            iter: 200,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_row_with_a_column_that_cannot_be_read_is_on_its_page_and_hides_no_other_nor_its_namespace(string column, object? value)
    {
        await Write(Sample("a"));
        var other = await Write(Sample("b"));
        await Spoil("a", column, value);

        var rows = await Index.Page(Query(), Cancellation);

        Assert.Equal(("a", column), (rows[0].Name, rows[0].Damage));
        Assert.Equal([other.State!.Index], rows.Skip(1));
        Assert.Equal([other.State.Index], await Index.Page(Query(after: "default/a"), Cancellation));
        Assert.Contains(other.State.Index, await Index.Page(Query(phase: "Active"), Cancellation));
        Assert.Equal(["default"], await Index.Namespaces("Sample", Cancellation));
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("namespace")]
    [InlineData("name")]
    public async Task A_row_that_no_page_can_find_hides_no_other_and_no_namespace(string column)
    {
        await Write(Sample("a"));
        var other = await Write(Sample("b"));
        await Spoil("a", column, null);

        Assert.Equal([other.State!.Index], await Index.Page(Query(), Cancellation));
        Assert.Equal([other.State.Index], await Index.Page(Query(phase: "Active"), Cancellation));
        Assert.Equal(["default"], await Index.Namespaces("Sample", Cancellation));
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    [InlineData("summary", """{"verdict":7,"reason":[],"freshUntil":{}}""")]
    [InlineData("summary", """{"verdict":null,"freshUntil":"tomorrow"}""")]
    [InlineData("namespace", null)]
    [InlineData("name", null)]
    public async Task A_row_that_cannot_be_read_is_counted_and_listed_and_so_are_all_others(string column, object? value)
    {
        var kind = new ResourceKind("Sample", "samples", "sample") { Verdicts = ["Healthy", "Unknown"], CalmReasons = ["Fine"] };
        foreach (var name in (string[])["a", "b", "c"])
        {
            await Write(Sample(name) with { Summary = """{"verdict":"Healthy","reason":"Fine"}""" });
        }

        await Spoil("a", column, value);

        using var counter = new FleetCounter(Index, [kind], TimeProvider.System);
        var count = await counter.Count(TimeSpan.Zero, Cancellation);
        Assert.Equal(3, count.Groups.Values.Sum());
        Assert.Equal(column is "summary" or "phase" ? 2 : 3, count.Groups[new("Sample", "default", "Active", "Healthy", null)]);
        var (query, _) = FleetQuery.Read(kind, new QueryCollection(new Dictionary<string, StringValues> { ["verdict"] = "Healthy" }));
        var page = await new FleetPages(Index, TimeProvider.System).Read(kind, query, ["default"], Cancellation);
        Assert.Superset(new HashSet<string?> { "b", "c" }, page.Items.Select(item => (string?)item["name"]).ToHashSet());
    }

    private static Gen<string?> OneOf(params string?[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Phase(string space, string name) => (space + name) switch
    {
        "bx" or "bxyz" or "cz" => "Retired",
        "axy" or "by" => "Retiring",
        _ => "Active",
    };

    private async Task WriteAll(params string[] keys)
    {
        foreach (var key in keys.Select(ResourceKey.Parse))
        {
            await Write(new SampleState { Name = key.Name, Namespace = key.Namespace });
        }
    }

    private async Task<List<string>> Page(
        int limit = 100, string? after = null, string[]? namespaces = null, string prefix = "", string? phase = null)
    {
        namespaces ??= [.. await Index.Namespaces("Sample", Cancellation)];
        var rows = await Index.Page(Query(after, phase) with { Namespaces = namespaces, NamePrefix = prefix, Limit = limit }, Cancellation);
        return [.. rows.Select(row => $"{row.Namespace}/{row.Name}")];
    }

    private static IndexQuery Query(string? after = null, string? phase = null) => new()
    {
        Kind = "Sample",
        Namespaces = ["default"],
        Phase = phase,
        After = after is null ? null : ResourceKey.Parse(after),
        Limit = 100,
    };
}
