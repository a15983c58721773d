using ClusterGrains.Hosting;
using ClusterGrains.Verification;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Judges a fleet as <c>verify</c> does for operators, and by what readers of its aliases find.</summary>
internal sealed class FleetJudge(FleetWorld world) : IAsyncDisposable
{
    private const int Looks = 8;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private VerifyHost? _host;
    private VerifyHost? _withoutApi;

    /// <summary>Whether everything answers from which is judged.</summary>
    public bool CanLook => world.Api is { IsStopped: false, IsWell: true } && world.Store.IsWell && world.History.IsWell;

    /// <summary>What holds at any moment, whatever is broken, and that all which is not broken can be looked at.</summary>
    /// <exception cref="InvariantException">It does not.</exception>
    public async Task Always(CancellationToken cancellationToken)
    {
        if (world.Silos.All.Count > 0 && !world.Store.IsStopped)
        {
            await Look(
                report =>
                [
                    .. report.Violations.Where(violation => !Invariants.Converging.Contains(violation.Invariant)).Select(Id),
                    .. report.Unseen.Where(unseen => ShouldAnswer(unseen.Dependency)).Select(Id),
                ],
                cancellationToken);
        }
    }

    /// <summary>What holds in a fleet that has come to rest: everything, and everything can be looked at.</summary>
    /// <exception cref="InvariantException">It does not.</exception>
    public async Task<string> AtRest(CancellationToken cancellationToken)
    {
        if (!CanLook)
        {
            throw new InvalidOperationException("invariants are judged from the API, the store and the history; start and heal all three first.");
        }

        var report = await Look(
            report => [.. report.Violations.Select(Id), .. report.Unseen.Select(Id)], cancellationToken);
        var counts = report.Lines().Last();
        return report.Violations.Length == 0 ? counts : $"{counts} None of them lasted.";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in (VerifyHost?[])[_host, _withoutApi])
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }
        }
    }

    private bool ShouldAnswer(Dependency dependency) => dependency switch
    {
        Dependency.Storage => world.Store.IsWell,
        Dependency.History => world.History.IsWell,
        Dependency.KubernetesApi => world.Api.IsWell,
        _ => true,
    };

    /// <summary>An API server that is not well is left alone: the answers it is told to give are meant for the silos.</summary>
    private Verifier Verifier => world.Api.IsWell
        ? (_host ??= Build(world.Api.Kubeconfig)).Verifier
        : (_withoutApi ??= Build(world.Api.OfNobody)).Verifier;

    private VerifyHost Build(string kubeconfig) =>
        VerifyHost.Build([.. world.SiloSettings, $"--Kubernetes:Kubeconfig={kubeconfig}", "--Verify:Looks=1"]);

    /// <summary>Looks until nothing is wrong. What is wrong in every look, while silos work, is a violation.</summary>
    private async Task<VerifyReport> Look(
        Func<VerifyReport, IEnumerable<(string Id, string Text)>> wrong, CancellationToken cancellationToken)
    {
        HashSet<string>? still = null;
        for (var look = 1; ; look++)
        {
            var report = await Verifier.Look([], cancellationToken);
            var found = wrong(report).Concat(world.Data.Violations().Select(violation => (violation, violation)))
                .Where(one => still is null || still.Contains(one.Item1)).ToList();
            if (found.Count == 0)
            {
                return report;
            }

            if (look == Looks)
            {
                throw new InvariantException([.. found.Select(one => one.Item2)]);
            }

            still = [.. found.Select(one => one.Item1)];
            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
        }
    }

    private static (string Id, string Text) Id(Violation violation) => (violation.Id.ToString(), violation.ToString());

    private static (string Id, string Text) Id(Unseen unseen) => (unseen.What, unseen.ToString());
}
