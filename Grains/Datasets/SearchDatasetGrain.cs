using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using Orleans.Placement;

namespace ClusterGrains.Datasets;

/// <summary>One dataset: what a resource becomes when its run is an update.</summary>
[GrainType("searchdataset")]
[RandomPlacement]
internal sealed class SearchDatasetGrain(
    [PersistentState("searchdataset")] IPersistentState<ResourceState<SearchDatasetWork>> storage,
    ResourceContext context,
    DatasetReferences references,
    DatasetMetrics metrics,
    RunUpdate update)
    : ResourceGrain<SearchDatasetWork>(SearchDatasets.Kind, storage, context), ISearchDatasetGrain
{
    public const string ApproveAnnotation = Manifest.AnnotationPrefix + "approve";
    public const string AdoptAliasAnnotation = Manifest.AnnotationPrefix + "adopt-alias";
    public const string ReloadAnnotation = Manifest.AnnotationPrefix + "reload";

    /// <summary>No name of an index or a version is longer; a value that is longer means nothing.</summary>
    private const int MaxIntent = 255;

    private static readonly TimeSpan ReferencesTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ProgressRefresh = TimeSpan.FromSeconds(5);

    private (string Text, SearchDatasetSpec? Spec) _read = ("", null);

    public Task<bool> Checkpoint(string runId, int attempt, RunReport report, CancellationToken cancellationToken) =>
        Report(runId, attempt, state => state.Take(report, Context.Time.GetUtcNow()));

    public Task Complete(string runId, int attempt, RunReport report, CancellationToken cancellationToken) =>
        Close(runId, attempt, (state, _, now) => state.Take(report, now));

    protected override ImmutableArray<string> Intents => [ApproveAnnotation, AdoptAliasAnnotation, ReloadAnnotation];

    /// <summary>A look is little work, and what is more waits for the workflow's own admission within the run.</summary>
    protected override RunAdmission? Admission => null;

    protected override string? ResumedRun(ResourceState<SearchDatasetWork> state) => state.Work.Ledger.Candidate?.RunId;

    protected override ResourceState<SearchDatasetWork> Abandon(ResourceState<SearchDatasetWork> state, DateTimeOffset now) =>
        state.Abandon(now);

    protected override TimeSpan RunRefresh(ResourceState<SearchDatasetWork> state) =>
        state.Work.Phase is DatasetPhase.Loading ? ProgressRefresh : TimeSpan.MaxValue;

    protected override async Task<ScheduleReading> Read(Manifest manifest, CancellationToken cancellationToken)
    {
        var (spec, problems) = DatasetSpecs.Read(manifest.Spec, Context.Checks.Value.MinimumInterval);
        if (spec is null)
        {
            return ScheduleReading.Bad(problems);
        }

        using var patience = new CancellationTokenSource(ReferencesTimeout, Context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var missing = await references.Check(manifest.Namespace, spec, both.Token);
            return missing.IsEmpty ? ScheduleReading.Good(Timing(spec)) : ScheduleReading.Bad(missing);
        }
        catch (Exception failure) when (failure is DependencyException || patience.IsCancellationRequested)
        {
            // The API server did not say that something is missing; a run will find out.
            return ScheduleReading.Good(Timing(spec)) with { IsCertain = false };
        }
    }

    protected override Schedule? ScheduleOf(string spec) => Spec(spec) is { } good ? Timing(good) : null;

    protected override ResourceState<SearchDatasetWork> Judge(ResourceState<SearchDatasetWork> state, DateTimeOffset now) =>
        SearchDatasetJudgement.Of(state, Schedule is null ? null : Spec(state.Accepted?.Spec), Schedule, now);

    protected override string VerdictOf(ResourceState<SearchDatasetWork> state) => state.Work.Phase.ToString();

    protected override HistoryTarget Target(ResourceState<SearchDatasetWork> state) => SearchDatasetJudgement.Target(state);

    protected override JsonObject Document(ResourceState<SearchDatasetWork> state) => SearchDatasetStatus.Document(state);

    protected override void Announce(ResourceState<SearchDatasetWork> before, ResourceState<SearchDatasetWork> after)
    {
        if (before.Uid == after.Uid)
        {
            metrics.Follow(before.Work, after.Work, runEnded: before.Run is not null && after.Run is null);
        }

        foreach (var (warning, reason, message) in DatasetNews.Of(before, after))
        {
            Context.Events.Record(new ResourceEvent(Kind, Key, after.Uid, warning, reason, message));
        }
    }

    protected override Func<CancellationToken, CancellationToken, Task> Workflow(OpenRun run)
    {
        var (manifest, accepted) = (State.Manifest!, State.Accepted!);
        var spec = Spec(accepted.Spec)!;
        var updateRun = new UpdateRun
        {
            Key = Key,
            Uid = State.Uid,
            Generation = accepted.Generation,
            Spec = spec,
            Approve = Intent(manifest, ApproveAnnotation),
            AdoptAlias = Intent(manifest, AdoptAliasAnnotation),
            Reload = Intent(manifest, ReloadAnnotation),
            RunId = run.RunId,
            Attempt = run.Attempt,
            StartedAt = run.StartedAt,
            Ledger = State.Work.Ledger,
            Target = Target(State),
            Grain = this.AsReference<ISearchDatasetGrain>(),
            Cluster = GrainFactory.GetGrain<ISearchClusterGrain>(new ResourceKey(Key.Namespace, spec.ClusterRef.Name).ToString()),
        };
        return (budget, lifetime) => update(updateRun, budget, lifetime);
    }

    private static string? Intent(Manifest manifest, string annotation) =>
        manifest.Annotations.GetValueOrDefault(annotation) is { Length: > 0 and <= MaxIntent } value ? value : null;

    /// <summary>Judged at every write, read once: an accepted spec changes rarely.</summary>
    private SearchDatasetSpec? Spec(string? accepted)
    {
        if (accepted is not null && accepted != _read.Text)
        {
            _read = (accepted, DatasetSpecs.Read(accepted, TimeSpan.Zero).Spec);
        }

        return accepted is null ? null : _read.Spec;
    }

    private Schedule Timing(SearchDatasetSpec spec) => SearchDatasets.Timing(spec, Context.Checks.Value.MinimumInterval);
}
