using ClusterGrains.Hosting;
using ClusterGrains.Verification;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Judges a fleet as <c>verify</c> does for operators, and by what readers of its aliases find.</summary>
internal sealed class FleetJudge(FleetWorld world) : IAsyncDisposable
{
    /// <summary>What silos bring about again after a fault, and not while it lasts.</summary>
    private static readonly string[] Converging = ["Epoch", "Reminder", "Status"];

    private VerifyHost? _host;

    /// <summary>Whether everything answers from which is judged.</summary>
    public bool CanLook => world.Api is { IsStopped: false, IsWell: true } && world.Store.IsWell && world.History.IsWell;

    /// <summary>What holds at any moment.</summary>
    /// <exception cref="InvariantException">It does not.</exception>
    public async Task Always(CancellationToken cancellationToken)
    {
        var report = await Look(cancellationToken);
        Require(report.Violations.Where(violation => !Converging.Contains(violation.Invariant)).Select(violation => violation.ToString()));
    }

    /// <summary>What holds in a fleet that has come to rest: everything, and everything can be looked at.</summary>
    /// <exception cref="InvariantException">It does not.</exception>
    public async Task<string> AtRest(CancellationToken cancellationToken)
    {
        if (!CanLook)
        {
            throw new InvalidOperationException("invariants are judged from the API, the store and the history; start and heal all three first.");
        }

        var report = await Look(cancellationToken);
        Require([.. report.Violations.Select(violation => violation.ToString()), .. report.Unseen.Select(unseen => unseen.ToString())]);
        return report.Lines().Last();
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<VerifyReport> Look(CancellationToken cancellationToken)
    {
        _host ??= VerifyHost.Build([.. world.SiloSettings, "--Verify:Looks=4", "--Verify:Pause=2s"]);
        return _host.Verifier.Look([], cancellationToken);
    }

    private void Require(IEnumerable<string> violations)
    {
        IReadOnlyList<string> all = [.. world.Data.Violations(), .. violations];
        if (all.Count > 0)
        {
            throw new InvariantException(all);
        }
    }
}
