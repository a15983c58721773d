using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Misbehaves as told.</summary>
internal sealed class Faults
{
    /// <summary>The admin command that changes all of it; nothing else stays in force.</summary>
    public const string Command = "misbehave";

    private readonly Lock _lock = new();
    private Misbehaviour _now = Misbehaviour.None;
    private TaskCompletionSource _changed = NewChange();

    public bool IsSilent => Now.Silent;

    private Misbehaviour Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    public BsonDocument Change(Command command)
    {
        var next = Misbehaviour.Parse(command.Fields);
        command.Fields.Done();
        TaskCompletionSource before;
        lock (_lock)
        {
            _now = next;
            (before, _changed) = (_changed, NewChange());
        }

        before.SetResult();
        return MongoDouble.Command.Ok;
    }

    /// <summary>As long as told, or until told otherwise.</summary>
    public Task Dawdle()
    {
        lock (_lock)
        {
            return Task.WhenAny(Task.Delay(_now.Slow, TimeProvider.System), _changed.Task);
        }
    }

    /// <summary>Before a write; throws for one that is not to be done.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            if (_now.DiskFull)
            {
                throw new CommandRefused(14031, "OutOfDiskSpace", "No space left on device");
            }

            if (_now.RefusedWrites > 0)
            {
                _now = _now with { RefusedWrites = _now.RefusedWrites - 1 };
                throw CommandRefused.NotWritablePrimary();
            }
        }
    }

    /// <summary>After a write: true when its answer is to be lost.</summary>
    public bool LosesAnswer()
    {
        lock (_lock)
        {
            if (_now.LostAnswers == 0)
            {
                return false;
            }

            _now = _now with { LostAnswers = _now.LostAnswers - 1 };
            return true;
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
