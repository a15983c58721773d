using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using Orleans.Placement;

namespace ClusterGrains.Clusters;

/// <summary>One search cluster: what a resource becomes when its run is a check.</summary>
[GrainType("searchcluster")]
[RandomPlacement]
internal sealed class SearchClusterGrain(
    [PersistentState("searchcluster")] IPersistentState<ResourceState<SearchClusterWork>> storage,
    ResourceContext context,
    ISecretStore secrets,
    CheckWorkflow checks)
    : ResourceGrain<SearchClusterWork>(SearchClusters.Kind, storage, context), ISearchClusterGrain
{
    /// <summary>Reading a Secret must not hold up an edit for longer; what is not known is not refused.</summary>
    private static readonly TimeSpan SecretsTimeout = TimeSpan.FromSeconds(5);

    private static readonly Verdict[] Bad = [Verdict.Unknown, Verdict.Degraded, Verdict.Critical];

    public Task Complete(string runId, int attempt, CheckOutcome outcome, CancellationToken cancellationToken) => Close(
        runId,
        attempt,
        (state, run, now) =>
        {
            var next = state with { Work = state.Work.After(outcome) };
            var record = Check(next, run, RunOutcome.Completed, VerdictOf(Judge(next, now)), now);
            return next.Append(record with { Findings = outcome.Findings, Metrics = outcome.Metrics });
        });

    public Task<ClusterAccess?> Access(CancellationToken cancellationToken)
    {
        var work = Judge(State, Context.Time.GetUtcNow()).Work;
        return Task.FromResult(State is not { Phase: ResourcePhase.Active, Accepted: { } accepted } ? null : new ClusterAccess
        {
            Spec = accepted.Spec,
            PinnedUuid = work.PinnedUuid,
            Verdict = work.Verdict,
            Reason = work.Reason,
            Message = work.Message,
            Identity = work.Answer?.Identity,
        });
    }

    protected override async Task<ScheduleReading> Read(Manifest manifest, CancellationToken cancellationToken)
    {
        var reading = ClusterSpecs.Read(manifest.Spec, Context.Checks.Value.MinimumInterval);
        if (reading.Spec is not { } spec)
        {
            return ScheduleReading.Bad(reading.Problems);
        }

        using var patience = new CancellationTokenSource(SecretsTimeout, Context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var problems = await SecretReferences.Check(secrets, manifest.Namespace, spec, both.Token);
            return problems.IsEmpty ? ScheduleReading.Good(Timing(spec)) : ScheduleReading.Bad(problems);
        }
        catch (Exception failure) when (failure is DependencyException || patience.IsCancellationRequested)
        {
            // The API server did not say that the Secret is missing; a check will find out.
            return ScheduleReading.Good(Timing(spec)) with { IsCertain = false };
        }
    }

    protected override Schedule? ScheduleOf(string spec) =>
        SearchClusters.Schedule(spec, Context.Checks.Value.MinimumInterval);

    protected override ResourceState<SearchClusterWork> Judge(ResourceState<SearchClusterWork> state, DateTimeOffset now) =>
        SearchClusterJudgement.Of(state, Schedule, now);

    protected override string VerdictOf(ResourceState<SearchClusterWork> state) => state.Work.Verdict.ToString();

    protected override HistoryTarget Target(ResourceState<SearchClusterWork> state) => SearchClusterJudgement.Target(state);

    protected override JsonObject Document(ResourceState<SearchClusterWork> state) => SearchClusterStatus.Document(state);

    protected override void Announce(ResourceState<SearchClusterWork> before, ResourceState<SearchClusterWork> after)
    {
        if (after.Phase is not ResourcePhase.Active)
        {
            return;
        }

        if (!after.Problems.IsEmpty && (before.Problems.IsEmpty || before.Manifest?.Generation != after.Manifest?.Generation))
        {
            Tell(after, warning: true, SearchClusterVerdict.SpecRefused, after.Problems[0].ToString());
        }

        if (before.Uid == after.Uid && before.Work.Verdict != after.Work.Verdict)
        {
            var message = $"{before.Work.Verdict} → {after.Work.Verdict}. {after.Work.Message}".TrimEnd();
            Tell(after, Bad.Contains(after.Work.Verdict), after.Work.Reason, message);
        }
    }

    protected override Func<CancellationToken, CancellationToken, Task> Workflow(OpenRun run)
    {
        var grain = this.AsReference<ISearchClusterGrain>();
        var (accepted, resourceNamespace, pinned) = (State.Accepted!.Spec, Key.Namespace, State.Work.PinnedUuid);
        return async (budget, lifetime) =>
        {
            var outcome = await checks.Run(resourceNamespace, accepted, pinned, budget, lifetime);
            await grain.Complete(run.RunId, run.Attempt, outcome, lifetime);
        };
    }

    protected override ResourceState<SearchClusterWork> Lose(
        ResourceState<SearchClusterWork> state, OpenRun run, DateTimeOffset now) =>
        state.Append(Check(state, run, RunOutcome.Interrupted, VerdictOf(state), now));

    private HistoryRecord Check(
        ResourceState<SearchClusterWork> state, OpenRun run, string outcome, string verdict, DateTimeOffset now) => new()
        {
            Record = RecordKind.Check,
            RunId = run.RunId,
            Target = Target(state),
            StartedAt = run.StartedAt,
            FinishedAt = now,
            Outcome = outcome,
            Verdict = verdict,
        };

    private void Tell(ResourceState<SearchClusterWork> state, bool warning, string reason, string message) =>
        Context.Events.Record(new ResourceEvent(Kind, Key, state.Uid, warning, reason, message));

    private Schedule Timing(SearchClusterSpec spec) => SearchClusters.Timing(spec, Context.Checks.Value.MinimumInterval);
}
