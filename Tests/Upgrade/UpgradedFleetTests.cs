using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Faults.Scenarios;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Storage;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>Silos of today on rows, reminders and pending records as the version before stored them: golden documents of live resources.</summary>
public sealed class UpgradedFleetTests(ITestOutputHelper output)
{
    private const string Setting = "--Storage:MongoDb:ConnectionString=";

    /// <summary>Of the settings' defaults: database, service and cluster.</summary>
    private const string Usual = "clustergrains";

    private static readonly StateSerializer Json = new([SearchClusterJson.Default, SearchDatasetJson.Default]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_version_before_left_goes_on_while_silos_are_replaced_one_by_one()
    {
        await using var world = await FleetWorld.Start(new FleetOptions { Several = true, Tell = output.WriteLine }, Cancellation);
        var run = new ScenarioRun(world, output.WriteLine);
        await run.Play("create 6 clusters every 2s\ncreate 2 datasets every 2s", Cancellation);
        string[] left = [.. await Leave(world, SearchClusters.Kind), .. await Leave(world, SearchDatasets.Kind)];

        await run.Play(
            """
            start 3 silos
            publish to all datasets
            wait until settled
            check invariants
            edit 3 clusters
            restart all silos one by one
            publish to all datasets
            wait until settled
            check invariants
            """,
            Cancellation);

        var records = await world.History.Records(Cancellation);
        foreach (var uid in left)
        {
            var own = records.Where(record => record.Target.Uid == uid).OrderBy(record => record.Seq).ToList();
            Assert.All(own, record => Assert.Equal(1, record.Line));
            Assert.Equal(Enumerable.Range(1, own.Count).Select(seq => (long)seq), own.Select(record => record.Seq));
            Assert.Equal("of the version before", own[0].Reason);
        }

        var clusters = records.Where(record => record.Target.Kind == SearchClusters.Kind.Name && left.Contains(record.Target.Uid));
        Assert.Equal(6, clusters.Count(record => record.Outcome == RunOutcome.Interrupted && record.RunId == "01KE0000000000000000000001"));
    }

    /// <summary>Rows of all resources that a user created; their uids.</summary>
    private static async Task<IEnumerable<string>> Leave(FleetWorld world, ResourceKind kind)
    {
        var connection = world.Store.Settings.Single(setting => setting.StartsWith(Setting, StringComparison.Ordinal))[Setting.Length..];
        using var store = await new TestMongo(connection, Usual, Usual).Open();
        var left = world.Api.List(kind).Where(resource => resource.Key.Name != FleetData.ClusterName).ToList();
        foreach (var resource in left)
        {
            var grain = GrainId.Create(kind.GrainType, resource.Key.ToString());
            var document = Document(kind, resource);
            var index = kind == SearchClusters.Kind
                ? Json.Deserialize<ResourceState<SearchClusterWork>>(BinaryData.FromString(document))!.Index
                : Json.Deserialize<ResourceState<SearchDatasetWork>>(BinaryData.FromString(document))!.Index;
            var row = new StateRow(new StateKey(grain.ToString(), kind.GrainType), Guid.NewGuid().ToString("N"), 1, index, document);
            Assert.True(await store.Database.Write(
                (_, token) => MongoGrainStorage.Insert(store.Database, Usual, row, token), Cancellation));
            await store.Reminders.UpsertRow(
                new ReminderEntry { GrainId = grain, ReminderName = ResourceReminder.Name, StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromSeconds(2) },
                Cancellation);
        }

        return left.Select(resource => resource.Uid);
    }

    /// <summary>The golden document of the version before, told of a resource that is there.</summary>
    private static string Document(ResourceKind kind, StoredObject resource)
    {
        var folder = kind == SearchClusters.Kind ? "Clusters" : "Datasets";
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, folder, "Golden", $"{kind.GrainType}-state-1.json"));
        var state = JsonNode.Parse(golden)!.AsObject();
        var spec = resource.Document.GetProperty("spec").GetRawText();
        var manifest = state["manifest"]!.AsObject();
        manifest["namespace"] = resource.Key.Namespace;
        manifest["name"] = resource.Key.Name;
        manifest["uid"] = resource.Uid;
        manifest["generation"] = 1;
        manifest["resourceVersion"] = "1";
        manifest["createdAt"] = resource.Document.GetProperty("metadata").GetProperty("creationTimestamp").GetString();
        manifest["spec"] = spec;
        manifest["annotations"] = new JsonObject();
        state["accepted"] = new JsonObject { ["generation"] = 1, ["spec"] = spec };
        state["retiredAt"] = null;
        state["claim"] = null;
        state["problems"] = new JsonArray();
        state["outbox"] = Outbox(kind, resource);
        if (state["work"]!["ledger"] is not null)
        {
            // Its indices are in a cluster that is not there.
            state["work"]!["ledger"] = new JsonObject { ["indexNumber"] = 9 };
            state["run"] = null;
        }

        return state.ToJsonString();
    }

    /// <summary>A record that the version before had not delivered yet.</summary>
    private static JsonObject Outbox(ResourceKind kind, StoredObject resource)
    {
        var entry = HistoryObject.Seal(Records.Transition(resource.Uid) with
        {
            Target = new HistoryTarget(kind.Name, resource.Key.Namespace, resource.Key.Name, resource.Uid, null, null, null),
            StartedAt = DateTimeOffset.UtcNow,
            FinishedAt = DateTimeOffset.UtcNow,
            Line = 1,
            Seq = 1,
            Reason = "of the version before",
        });
        return new JsonObject
        {
            ["line"] = 1,
            ["seq"] = 1,
            ["entries"] = new JsonArray(new JsonObject
            {
                ["key"] = entry.Key,
                ["record"] = entry.Record.ToString(),
                ["uid"] = entry.Uid,
                ["line"] = 1,
                ["seq"] = 1,
                ["missing"] = new JsonArray(),
                ["body"] = Convert.ToBase64String(entry.Body),
            }),
        };
    }
}
