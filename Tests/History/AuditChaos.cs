using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.History;

/// <summary>Two names that live through whatever the steps say; then one object is taken away.</summary>
internal sealed class AuditChaos
{
    private static readonly string[] Names = ["a", "b"];

    private readonly AuditWorld _world = new();
    private readonly int[] _steps;

    public AuditChaos(int[] steps)
    {
        _steps = steps;
        Array.ForEach(Names, name => _world.Create(name));
    }

    public void Verify(CancellationToken cancellationToken)
    {
        foreach (var step in _steps)
        {
            Step(step % 2 == 0 ? "a" : "b", step);
            Assert.Empty(_world.Audit.Run(AuditWorld.Window, cancellationToken).GetAwaiter().GetResult().Holes);
        }

        Miss(_world.Objects.Keys.Where(IsJudged).ElementAtOrDefault(_steps.Length / 2), cancellationToken);
    }

    private void Step(string name, int step)
    {
        switch (step)
        {
            case < 40:
                _world.Add(name, step / 10 + 1, step % 3 == 0 ? RecordKind.Transition : RecordKind.Check, bulk: step * 100);
                break;
            case < 70:
                _world.Deliver(name, limit: step - 38);
                break;
            case < 78:
                _world.Days((step - 70) / 4.0);
                break;
            case < 82:
                _world.Clock.AdjustTime(_world.Clock.GetUtcNow().AddHours(-(step - 76)));
                break;
            case < 88:
                _world.Delete(name);
                _world.Create(name);
                break;
            case < 92:
                _world.Change(name, state => state.Overtake(state.Revision + 1, liveLine: 0));
                break;
            case < 94:
                _world.Add(name, 30, bulk: 4_000);
                break;
            default:
                _world.Add(name, 1);
                _world.Deliver(name);
                break;
        }
    }

    /// <summary>Of the epoch and line that a name is in now, of yesterday or today.</summary>
    private bool IsJudged(string key) => Names.Any(name =>
        key.Contains($".{name}.{_world.State(name).Uid[..8]}/", StringComparison.Ordinal)
        && HistoryKey.TryParse(key, out var parsed) && parsed.Line == _world.State(name).Outbox.Line
        && (key.Contains($"dt={_world.Clock.GetUtcNow():yyyy-MM-dd}", StringComparison.Ordinal)
            || key.Contains($"dt={_world.Clock.GetUtcNow().AddDays(-1):yyyy-MM-dd}", StringComparison.Ordinal)));

    private void Miss(string? key, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return;
        }

        var record = HistoryObject.Open(_world.Objects[key]);
        _world.Objects.Remove(key);

        var holes = _world.Audit.Run(AuditWorld.Window, cancellationToken).GetAwaiter().GetResult().Holes;

        // A gap that was deleted leaves what it listed unexplained too.
        Assert.Contains(holes, hole => hole.Mark.Uid == record.Target.Uid
            && hole.Ranges.Any(range => range.Line == record.Line && range.FromSeq <= record.Seq && record.Seq <= range.ToSeq));
    }
}
