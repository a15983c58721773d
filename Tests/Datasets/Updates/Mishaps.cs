namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>Counts what a run does to the world, and kills the process at one of those moments.</summary>
internal sealed class Mishaps
{
    private int _at = int.MaxValue;
    private bool _after;

    /// <summary>Effects and looks of this life so far.</summary>
    public int Moments { get; private set; }

    public bool IsDead { get; private set; }

    /// <param name="after">Whether the effect of the moment is still had.</param>
    public void KillAt(int moment, bool after) => (_at, _after, Moments, IsDead) = (moment, after, 0, false);

    public void Restart() => KillAt(int.MaxValue, false);

    public T At<T>(Func<T> effect)
    {
        if (IsDead)
        {
            throw new KilledException();
        }

        if (++Moments < _at)
        {
            return effect();
        }

        IsDead = true;
        if (_after)
        {
            effect();
        }

        throw new KilledException();
    }

    public void At(Action effect) => At<object?>(() =>
    {
        effect();
        return null;
    });
}

internal sealed class KilledException() : Exception("The process was killed.");
