using System.Net;
using System.Net.Http.Headers;
using ClusterGrains.Datasets;
using ClusterGrains.History;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// Three silo processes that share resources, set up as <c>k8s/overlays/ha</c> says, and what happens to them and around them. Judged by invariants and by coming to
/// rest, never by a clock.
/// </summary>
public sealed class FleetTests(SharedFleet fleet, ITestOutputHelper output) : IClassFixture<SharedFleet>
{
    /// <summary>Documents that are in the first file of every version.</summary>
    private const int FirstFile = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FleetWorld World => fleet.World;

    [Fact]
    public Task The_silo_of_the_relay_is_killed_amid_edits_and_deletes() => Play(
        """
        edit 5 clusters
        kill the relay's silo
        edit 5 clusters
        delete 2 clusters
        recreate 2 clusters
        create 2 clusters every 2s
        wait until settled
        start all silos again
        wait until settled
        check invariants
        """);

    [Fact]
    public Task Silos_are_replaced_one_by_one_while_versions_are_published() => Play(
        """
        keep publishing
        restart all silos one by one
        stop publishing
        wait until settled
        check invariants
        """);

    [Fact]
    public Task Certificates_are_replaced_under_silos_of_which_one_is_killed()
    {
        fleet.Overlay.Tls.Issue();
        fleet.Overlay.Between.Issue();
        return Play(
            """
            kill the relay's silo
            edit 3 clusters
            start all silos again
            restart silo 1
            wait until settled
            check invariants
            """);
    }

    [Fact]
    public Task The_API_server_stops_refuses_forgets_and_falls_silent() => Play(
        """
        stop the API
        wait 2s
        start the API
        edit 3 clusters
        answer 3 API requests with 429
        answer 3 API requests with 500
        answer 3 API requests with 410
        forget the API's history
        silence the watches
        edit 3 clusters
        delete 1 clusters
        recreate 1 clusters
        wait until settled
        check invariants
        """);

    [Fact]
    public Task The_API_server_comes_back_as_it_was_a_while_ago() => Play(
        """
        copy the API
        edit 3 clusters
        delete 2 clusters
        recreate 1 clusters
        create 2 clusters every 2s
        wait until settled
        restart the API from the copy
        wait until settled
        check invariants
        """);

    [Fact]
    public Task The_store_stops_slows_down_and_loses_answers() => Play(
        """
        stop the store
        wait 2s
        start the store
        slow the store by 100ms
        edit 5 clusters
        hurry the store
        lose 5 answers of the store
        refuse 10 writes of the store
        recreate 2 clusters
        fill the disk of the store
        wait 2s
        free the disk of the store
        wait until settled
        check invariants
        """);

    [Fact]
    public Task The_history_is_away_and_then_its_disk_is_full() => Play(
        $"""
        stop the history
        edit 3 clusters
        delete 1 clusters
        wait 2s
        start the history
        {(World.History.Disk.CanFill ? "fill the disk of the history" : "stop the history")}
        recreate 1 clusters
        wait 2s
        {(World.History.Disk.CanFill ? "free the disk of the history" : "start the history")}
        wait until settled
        check invariants
        """);

    [Fact]
    public async Task An_update_goes_on_in_another_silo_where_the_killed_one_had_stopped()
    {
        await Play(
            """
            wait until settled
            hold the loads
            publish to a dataset
            wait until a load is held
            """);
        var name = World.Data.Held;
        var index = "";
        await World.Settling.Shows(
            SearchDatasets.Kind,
            name,
            status => status.TryGetProperty("candidate", out var candidate)
                && candidate.GetProperty("filesDone").GetInt32() == 1 && (index = candidate.GetProperty("index").GetString()!).Length > 0,
            Cancellation);

        await Play(
            """
            kill the loader's silo
            release the loads
            wait until updated
            start all silos again
            wait until settled
            check invariants
            """);

        // The same index, and what a checkpoint had stored was not sent again.
        var promoted = Assert.Single(World.Data.Cluster.Indices.Aliased(name));
        Assert.Equal(index, promoted.Name);
        Assert.All(Enumerable.Range(0, FirstFile), number => Assert.Equal(1, promoted.Documents.Find(Corpus.Id(number))?.Received));
        AssertUpdatedOnce(name, await World.History.Records(Cancellation));
    }

    [Fact]
    public async Task A_loader_that_was_frozen_until_another_had_promoted_does_no_damage()
    {
        await Play(
            """
            wait until settled
            hold the loads
            publish to a dataset
            wait until a load is held
            """);
        var name = World.Data.Held;

        await Play(
            """
            freeze the loader's silo
            release the loads
            wait until updated
            thaw the frozen silo
            wait until settled
            check invariants
            """);

        AssertUpdatedOnce(name, await World.History.Records(Cancellation));
    }

    [Fact]
    public async Task Every_silo_answers_over_TLS_whoever_shows_a_token_and_nobody_else()
    {
        await Play("wait until settled");

        foreach (var silo in World.Silos.Running)
        {
            using var http = fleet.Overlay.Tls.Client(silo.Api!);
            using var anonymous = await http.GetAsync("api/v1/searchclusters", Cancellation);
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OverlayFleet.Reader.Token);
            using var known = await http.GetAsync("api/v1/searchclusters", Cancellation);

            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (anonymous.StatusCode, known.StatusCode));
        }
    }

    private static void AssertUpdatedOnce(string name, IReadOnlyList<HistoryRecord> records) => Assert.All(
        records.Where(record => record.Record is RecordKind.Update && record.Target.Name == name).GroupBy(record => record.Update!.Version),
        version => Assert.Equal(nameof(UpdateResult.Promoted), Assert.Single(version).Outcome));

    private Task Play(string scenario) => new ScenarioRun(World, output.WriteLine) { Strict = true }.Play(scenario, Cancellation);
}
