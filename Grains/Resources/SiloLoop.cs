using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// Work that a silo does beside its grains for as long as it is active: goes on whatever fails on the way, and says so once.
/// Registered as the <see cref="ILifecycleParticipant{TLifecycleObservable}"/> that it is.
/// </summary>
/// <param name="work">What it is called in the log.</param>
internal abstract class SiloLoop(string work, TimeProvider time, ILogger logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>Before it begins again after a fault that nobody foresaw.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private readonly Lock _saying = new();
    private long _begun;
    private long _heard;
    private string? _problem;

    protected TimeProvider Time => time;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        GetType().Name,
        ServiceLifecycleStage.Active,
        _ =>
        {
            _running = Task.Run(() => Live(_stopping.Token), CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Works until cancelled, or until there is nothing to do in this silo.</summary>
    protected abstract Task Run(CancellationToken cancellationToken);

    /// <summary>
    /// Does one round of the work. Its trouble is said once, and again when it is another one. Rounds may overlap: what is said
    /// is what the newest one found of those that have ended.
    /// </summary>
    /// <param name="round">Answers what is in its way; null when nothing is.</param>
    protected async Task Try(Func<CancellationToken, Task<string?>> round, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _begun);
        try
        {
            Say(number, await round(cancellationToken));
        }
        catch (DependencyException failure)
        {
            Say(number, failure.Message);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Say(number, failure.Message, failure);
        }
    }

    /// <summary>The same for a round that nothing but an exception can be in the way of.</summary>
    protected Task Try(Func<CancellationToken, Task> round, CancellationToken cancellationToken) => Try(
        async token =>
        {
            await round(token);
            return default(string);
        },
        cancellationToken);

    private async Task Live(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Run(cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                Say(Interlocked.Increment(ref _begun), failure.Message, failure);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <param name="fault">Ours, and not of what we depend on.</param>
    private void Say(long round, string? problem, Exception? fault = null)
    {
        lock (_saying)
        {
            if (round < _heard)
            {
                return;
            }

            var before = _problem;
            (_heard, _problem) = (round, problem);
            if (problem == before)
            {
                return;
            }

            if (fault is not null)
            {
                logger.WorkBroke(fault, work);
            }
            else if (problem is not null)
            {
                logger.WorkFailed(work, problem);
            }
            else
            {
                logger.WorkWorks(work);
            }
        }
    }
}
