using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Tests.Hosting;

/// <summary>What strangers write reaches people as harmless text, and what they are told in confidence reaches nobody.</summary>
public sealed class HostileWorldTests(HostileWorld world) : IClassFixture<HostileWorld>
{
    [Fact]
    public void What_strangers_write_is_shown_in_statuses_events_and_records_or_the_others_here_prove_nothing()
    {
        Assert.All(
            (string[])["status of searchclusters/talker", "status of searchdatasets/from-bucket", "status of searchdatasets/from-folder", "events", "api/v1/searchclusters/default/talker/history"],
            name => Assert.Contains(HostileWorld.Marker, world.Documents[name].ToJsonString(), StringComparison.Ordinal));
        Assert.Contains(world.Documents, document => document.Key.EndsWith(".json.gz", StringComparison.Ordinal)
            && document.Value.ToJsonString().Contains(HostileWorld.Marker, StringComparison.Ordinal));
        Assert.Contains(world.Sent, sent => Found(sent, "what was sent").Any());
        Assert.NotNull(Unsafe(HostileWorld.Evil, allowed: "\r\n\t"));
        Assert.Contains(world.Log, line => line.StartsWith("Debug", StringComparison.Ordinal));
        Assert.Contains(world.Log, line => line.Contains("default/talker", StringComparison.Ordinal));
    }

    [Fact]
    public void No_credential_is_in_the_log() => Assert.Empty(world.Log.SelectMany(line => Found(line, line)));

    [Fact]
    public void No_credential_is_in_a_status_an_event_a_record_or_an_answer() =>
        Assert.Empty(world.Documents.SelectMany(document => Strings(document.Value).SelectMany(text => Found(text, document.Key))));

    [Fact]
    public void No_credential_is_in_the_metrics() => Assert.Empty(Found(world.Metrics, "metrics"));

    [Fact]
    public void No_credential_is_in_the_database() =>
        Assert.Empty(world.Files.Where(file => file.Key.Contains(".db", StringComparison.Ordinal)).SelectMany(file => Found(Encoding.Latin1.GetString(file.Value), file.Key)));

    [Fact]
    public void No_stranger_writes_a_line_of_the_log_or_moves_a_terminal_that_shows_it() => Assert.Empty(
        from line in world.Log
        let at = Unsafe(line, allowed: "\r\n\t")
        where at is not null || line.Split('\n').Any(one => one.StartsWith("2026-01-01T00:00:00.000Z info: forged", StringComparison.Ordinal))
        select $"{at}: {JsonSerializer.Serialize(line)}");

    [Fact]
    public void No_stranger_moves_a_terminal_that_shows_a_status_an_event_a_record_or_an_answer() => Assert.Empty(
        from document in world.Documents
        from text in Strings(document.Value)
        let at = Unsafe(text, allowed: "")
        where at is not null
        select $"{document.Key} has {at}: {JsonSerializer.Serialize(text)}");

    [Fact]
    public void No_stranger_writes_a_line_of_the_metrics()
    {
        Assert.Null(Unsafe(world.Metrics, allowed: "\n"));
        Assert.DoesNotContain(HostileWorld.Marker, world.Metrics, StringComparison.Ordinal);
    }

    private IEnumerable<string> Found(string text, string where) =>
        from planted in world.Planted
        where text.Contains(planted.Text, StringComparison.Ordinal)
        select $"{planted.Credential} is in {where}";

    private static string? Unsafe(string text, string allowed) => text
        .Where(one => !allowed.Contains(one, StringComparison.Ordinal))
        .Where(one => char.GetUnicodeCategory(one) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        .Select(one => $"U+{(int)one:X4}")
        .FirstOrDefault();

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
