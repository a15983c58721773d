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

    [Fact]
    public async Task One_row_without_its_outbox_and_one_with_a_spoilt_column_leave_the_third_resource_alone_and_only_the_first_Unknown()
    {
        await using var world = await FaultWorld.Start(Cancellation);
        string[] names = ["logs", "metrics", "traces"];
        foreach (var name in names)
        {
            world.Create(name);
        }

        world.StartSilo();
        foreach (var name in names)
        {
            await world.Shown(name, status => (string?)status["verdict"] == "Healthy");
        }

        await world.KillSilo(Cancellation);
        Change(world, document => WithoutOutbox(document));
        Execute(world, "UPDATE state SET generation = 'many', lateAt = 'soon' WHERE name = 'metrics'");

        world.StartSilo();

        await world.Shown("logs", shown => (string?)shown["reason"] == "StateUnreadable");
        foreach (var name in names[1..])
        {
            var before = await world.Shown(name, _ => true);
            await world.Shown(name, shown => (string?)shown["verdict"] == "Healthy" && !JsonNode.DeepEquals(shown["lastRun"], before["lastRun"]));
        }

        Assert.Equal("integer", Execute(world, "SELECT typeof(generation) FROM state WHERE name = 'metrics'"));
    }

    private static string WithoutOutbox(string document)
    {
        var state = JsonNode.Parse(document)!.AsObject();
        state["outbox"] = null;
        return state.ToJsonString();
    }

    /// <summary>Puts another document into the row of <c>logs</c>, as a careless hand would; returns the one before.</summary>
    private static string Change(FaultWorld world, Func<string, string> edit)
    {
        var document = (string)Execute(world, "SELECT document FROM state WHERE name = 'logs'")!;
        Execute(world, "UPDATE state SET document = @value WHERE name = 'logs'", edit(document));
        return document;
    }

    private static object? Execute(FaultWorld world, string sql, string? value = null)
    {
        var path = world.SiloArguments.Single(argument => argument.StartsWith(PathSetting, StringComparison.Ordinal))[PathSetting.Length..];
        using var database = new SqliteConnection($"Data Source={path};Pooling=False");
        database.Open();
        using var command = new SqliteCommand(sql, database);
        command.Parameters.AddWithValue("@value", (object?)value ?? DBNull.Value);
        return command.ExecuteScalar();
    }

    private const string PathSetting = "--Storage:Sqlite:Path=";

    private static string? Ready(JsonObject status) =>
        (string?)status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == "Ready")!["status"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
