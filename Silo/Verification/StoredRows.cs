using System.Collections.Immutable;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Verification;

/// <summary>Everything of ours that the storage holds, read past the grains.</summary>
internal sealed class StoredRows(
    OpenStorage open, IStateRows states, IReminderTable reminders, StateSerializer json, IOptions<CheckOptions> checks)
{
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<ImmutableArray<RowFacts>> Rows(CancellationToken cancellationToken)
    {
        await open(cancellationToken);
        var facts = ImmutableArray.CreateBuilder<RowFacts>();
        await foreach (var row in states.All(cancellationToken))
        {
            if (StoredKind.Of(row.Key.GrainId) is { } kind)
            {
                facts.Add(kind.Read(row, json, checks.Value));
            }
        }

        return facts.DrainToImmutable();
    }

    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<ImmutableArray<ReminderFacts>> Reminders(CancellationToken cancellationToken)
    {
        await open(cancellationToken);

        // From 0 to 0 is once around the ring.
        var rows = await reminders.ReadRows(0, 0, cancellationToken);
        return [.. rows.Reminders.Select(Told)];
    }

    private static ReminderFacts Told(ReminderEntry reminder)
    {
        var grain = reminder.GrainId.ToString();
        return new ReminderFacts(grain, StoredKind.Of(grain)?.Name(grain), reminder.ReminderName, reminder.Period);
    }
}
