using System.Collections.Immutable;
using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Verification;

namespace ClusterGrains.Tests.Verification;

/// <summary>One cluster and one dataset of which all is as it must be, until a test changes something.</summary>
internal sealed class Scene
{
    public const string Uid = "11111111-aaaa";
    public const string OtherUid = "22222222-bbbb";
    public const string Epoch = "searchcluster.prod.logs.11111111";
    public const string DatasetEpoch = "searchdataset.prod.products.33333333";

    public static readonly DateOnly Today = new(2026, 3, 10);
    public static readonly ResourceId Cluster = new(SearchClusters.Kind, new ResourceKey("prod", "logs"));
    public static readonly ResourceId Dataset = new(SearchDatasets.Kind, new ResourceKey("prod", "products"));

    private static readonly string Run3 = Run(3);

    public List<RowFacts> Rows { get; } = [Row, DatasetRow];

    public List<ReminderFacts> Reminders { get; } = [Reminder(Cluster), Reminder(Dataset)];

    public Dictionary<ResourceId, LiveFacts> Live { get; } = new()
    {
        [Cluster] = new LiveFacts(Cluster, Uid, 7, Shown(7)),
        [Dataset] = new LiveFacts(Dataset, "33333333-cccc", 4, Shown(4)),
    };

    /// <summary>Keys of the history.</summary>
    public List<string> Keys { get; } =
    [
        Key("transition", 1), Key("check", 2, Run(1)), Key("check", 3, Run(2)), Key("check", 4, Run3),
        Key("transition", 1, epoch: DatasetEpoch), Key("update", 2, Run(20), epoch: DatasetEpoch),
        $"v1/history/record=plan/dt=2026-03-10/resource={DatasetEpoch}/120000-{Run(20)}-plan-0123456789abcdef.json.gz",
    ];

    /// <summary>What gaps among <see cref="Keys"/> account for.</summary>
    public Dictionary<string, ImmutableArray<SeqRange>> Gaps { get; } = [];

    /// <summary>What is in objects that are opened.</summary>
    public Dictionary<string, HistoryRecord> Bodies { get; } = [];

    public Dictionary<ResourceId, AliasFacts> Aliases { get; } = new() { [Dataset] = new AliasFacts("products-v1-1", 1, IsIndex: false) };

    public Dictionary<ResourceId, (string, int, long)> Later { get; } = [];

    public HashSet<ResourceId> NotListed { get; } = [];

    public List<string> Opened { get; } = [];

    public DateOnly? Since { get; set; }

    public bool SawHistory { get; set; } = true;

    public RowFacts ClusterRow
    {
        get => Rows.Single(row => row.Resource == Cluster);
        set => Rows[Rows.FindIndex(row => row.Resource == Cluster)] = value;
    }

    public RowFacts DataRow
    {
        get => Rows.Single(row => row.Resource == Dataset);
        set => Rows[Rows.FindIndex(row => row.Resource == Dataset)] = value;
    }

    public static RowFacts Row { get; } = new()
    {
        Row = new StateKey("searchcluster/prod/logs", "searchcluster"),
        Resource = Cluster,
        Uid = Uid,
        Phase = ResourcePhase.Active,
        Revision = 7,
        Period = TimeSpan.FromMinutes(5),
        Shown = Shown(7),
        Epoch = Epoch,
        Line = 1,
        Seq = 4,
        LastDay = Today,
        LastRun = new ClosedRun(Run3, Noon, Noon, RunOutcome.Completed),
        RecordsRuns = true,
    };

    public static RowFacts DatasetRow { get; } = new()
    {
        Row = new StateKey("searchdataset/prod/products", "searchdataset"),
        Resource = Dataset,
        Uid = "33333333-cccc",
        Phase = ResourcePhase.Active,
        Revision = 4,
        Period = TimeSpan.FromMinutes(5),
        Shown = Shown(4),
        Epoch = DatasetEpoch,
        Line = 1,
        Seq = 2,
        LastDay = Today,
        Dataset = new DatasetFacts("logs", "uuid", "products", ["products-v1-1"], null, [HistoryName.Parse(Key("update", 2, Run(20), epoch: DatasetEpoch))!]),
    };

    private static DateTimeOffset Noon => new(Today, new TimeOnly(12, 0), TimeSpan.Zero);

    public static string Run(int number) => $"01JN0000000000000000000{number:000}";

    /// <param name="run">The kind of record stands there where no run did it.</param>
    public static string Key(
        string record, long seq, string? run = null, int line = 1, string epoch = Epoch, string day = "2026-03-10", string time = "120000") =>
        $"v1/history/record={record}/dt={day}/resource={epoch}/{time}-{line}-{seq}-{run ?? record}.json.gz";

    public static PendingFacts Pending(string key, params ImmutableArray<SeqRange> missing) => new(HistoryName.Parse(key)!, missing);

    public static ReminderFacts Reminder(ResourceId resource, string name = "run", TimeSpan? period = null) =>
        new($"{resource.Kind.GrainType}/{resource.Key}", resource, name, period ?? TimeSpan.FromMinutes(5));

    public static ReadOnlyMemory<byte> Shown(long revision, string verdict = "Healthy", string more = "") => Encoding.UTF8.GetBytes(
        $$"""{"revision":{{revision}},"verdict":"{{verdict}}","history":{"pending":0,"line":1,"seq":4},"nextRun":"2026-03-10T12:00:00Z"{{more}}}""");

    public ImmutableArray<Violation> Judge()
    {
        var history = new HistoryFacts(Today, Since, Rows.SelectMany(row => row.Pending));
        foreach (var key in Keys)
        {
            var name = history.Add(key);
            if (name is { Record: RecordKind.Gap })
            {
                history.Explain(name, Gaps[key]);
            }

            if (Bodies.TryGetValue(key, out var record))
            {
                history.Open(name!, key, record);
            }
        }

        return Invariants.Judge(new Snapshot
        {
            Rows = [.. Rows],
            Reminders = [.. Reminders],
            Live = Live,
            Listed = resource => !NotListed.Contains(resource),
            History = SawHistory ? history : null,
            Later = Later,
            Aliases = Aliases,
            Opened = Opened,
        });
    }

    /// <summary>Nothing is wrong.</summary>
    public void Holds() => Assert.Empty(Judge());

    /// <summary>Exactly one thing is wrong, and of this invariant.</summary>
    public Violation Breaks(string invariant)
    {
        var violation = Assert.Single(Judge());
        Assert.Equal(invariant, violation.Invariant);
        return violation;
    }
}
