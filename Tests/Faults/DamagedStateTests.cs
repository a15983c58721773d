using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace ClusterGrains.Tests.Faults;

/// <summary>A silo process that finds a row which it cannot read.</summary>
public sealed class DamagedStateTests
{
    [Fact]
    public async Task A_state_that_was_cut_off_turns_its_green_status_Unknown_until_it_is_whole_again()
    {
        await using var world = await FaultWorld.Start(Cancellation);
        world.Create("logs");
        world.StartSilo();
        await world.Shown("logs", status => (string?)status["verdict"] == "Healthy");
        await world.KillSilo(Cancellation);
        var whole = Change(world, document => document[..(document.Length / 2)]);

        world.StartSilo();

        var status = await world.Shown("logs", shown => (string?)shown["verdict"] == "Unknown");
        Assert.Equal("StateUnreadable", (string?)status["reason"]);
        Assert.All(status["conditions"]!.AsArray(), condition => Assert.Equal("Unknown", (string?)condition!["status"]));
        Assert.Contains("restore the storage from a backup", (string?)status["message"], StringComparison.Ordinal);

        await world.KillSilo(Cancellation);
        Change(world, _ => whole);
        world.StartSilo();

        await world.Shown("logs", shown => (string?)shown["verdict"] == "Healthy" && Ready(shown) == "True");
    }

    /// <summary>Puts another document into the only row, as a careless hand would; returns the one before.</summary>
    private static string Change(FaultWorld world, Func<string, string> edit)
    {
        var path = world.SiloArguments.Single(argument => argument.StartsWith(PathSetting, StringComparison.Ordinal))[PathSetting.Length..];
        using var database = new SqliteConnection($"Data Source={path};Pooling=False");
        database.Open();
        using var read = new SqliteCommand("SELECT document FROM state", database);
        var document = (string)read.ExecuteScalar()!;
        using var write = new SqliteCommand("UPDATE state SET document = @document", database);
        write.Parameters.AddWithValue("@document", edit(document));
        Assert.Equal(1, write.ExecuteNonQuery());
        return document;
    }

    private const string PathSetting = "--Storage:Sqlite:Path=";

    private static string? Ready(JsonObject status) =>
        (string?)status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == "Ready")!["status"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
