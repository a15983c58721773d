using System.Text.Json;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace ClusterGrains.Storage;

/// <summary>Grain state, whatever keeps it. ETags are GUIDs: no two writes ever have the same.</summary>
/// <remarks>
/// Clearing deletes the row instead of leaving a tombstone: purging must end somewhere, and an activation that still
/// holds an old ETag can neither update nor resurrect the row, for updates never insert. What a tombstone would add is
/// to stop an activation that saw no row at all from inserting after somebody else's write and clear; grains here clear
/// only rows that have been Retired for days, and adopt only what a consistent GET shows them.
/// </remarks>
internal abstract class GrainStateStorage(StateSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var stored = await Find(new StateKey(grainId.ToString(), stateName), cancellationToken);
        if (stored is null)
        {
            Reset(grainState);
            return;
        }

        grainState.State = Parse<T>(stored);
        grainState.ETag = stored.ETag;
        grainState.RecordExists = true;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        if (grainState.State is not { } state)
        {
            throw new ArgumentException($"State '{stateName}' of grain '{grainId}' is null.", nameof(grainState));
        }

        // Index and document are both taken on the grain's turn, before anything can change the state again.
        var row = new StateRow(
            new StateKey(grainId.ToString(), stateName),
            ETag: Guid.NewGuid().ToString("N"),
            SchemaVersion: SchemaVersion<T>(),
            Index: (state as IIndexedState)?.Index,
            Document: serializer.Serialize(state).ToString());

        await Store(row, grainState.ETag, cancellationToken);
        grainState.ETag = row.ETag;
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = new StateKey(grainId.ToString(), stateName);
        await Delete(key, SchemaVersion<T>(), grainState.ETag, cancellationToken);
        Reset(grainState);
    }

    protected abstract Task<StateRow?> Find(StateKey key, CancellationToken cancellationToken);

    /// <summary>Inserts the row when none is expected, and never else; replaces the one with the expected ETag.</summary>
    /// <exception cref="InconsistentStateException">Something else is stored; see <see cref="Refusal"/>.</exception>
    protected abstract Task Store(StateRow row, string? expected, CancellationToken cancellationToken);

    /// <summary>Deletes the row with the expected ETag; does nothing when none is expected and there is none.</summary>
    /// <param name="known">The highest schema version that may be deleted.</param>
    /// <exception cref="InconsistentStateException">Something else is stored; see <see cref="Refusal"/>.</exception>
    protected abstract Task Delete(StateKey key, int known, string? expected, CancellationToken cancellationToken);

    /// <summary>Why a write did not happen, by what was found instead.</summary>
    protected static Exception Refusal(StateRow? found, StateKey key, int known, string? expected) =>
        found?.SchemaVersion > known
            ? Newer(found, known)
            : new InconsistentStateException(
                $"Another activation wrote or cleared {key}; this one must read again.",
                found?.ETag ?? "none",
                expected ?? "none");

    private static DependencyException Newer(StateRow found, int known) => new(
        Dependency.Storage,
        $"The {found.Key} has schemaVersion {found.SchemaVersion}, written by a newer version; this one knows "
        + $"{known} and leaves it alone. Run the newer version.");

    private T Parse<T>(StateRow stored)
    {
        if (stored.Damage is { } columns)
        {
            throw Unreadable(stored, $"it has no {columns}.", null);
        }

        var known = SchemaVersion<T>();
        if (stored.SchemaVersion > known)
        {
            throw Newer(stored, known);
        }

        try
        {
            return serializer.Deserialize<T>(BinaryData.FromString(stored.Document))
                ?? throw new JsonException("The document is null.");
        }
        catch (Exception damage)
        {
            throw Unreadable(stored, damage.Message, damage);
        }
    }

    private static DependencyException Unreadable(StateRow stored, string why, Exception? damage) => new(
        Dependency.Storage,
        $"The {stored.Key} cannot be read: {why} Correct its row in 'state', restore the database from a backup, or delete "
        + "that row to begin anew.",
        damage);

    /// <summary>What this code writes, not what an instance read from an older row says.</summary>
    private int SchemaVersion<T>() => typeof(IIndexedState).IsAssignableFrom(typeof(T))
        ? ((IIndexedState)Empty<T>()!).SchemaVersion
        : 1;

    private void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = Empty<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private T Empty<T>() => activators.GetActivator<T>().Create();
}
