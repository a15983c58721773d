using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace ClusterGrains.History;

/// <summary>
/// Decides when the history is audited. The audit runs off this grain's turns; one that its silo took along is begun again.
/// </summary>
[GrainType("historyaudit"), RandomPlacement]
internal sealed class HistoryAuditGrain(
    [PersistentState("historyaudit")] IPersistentState<HistoryAuditState> storage,
    HistoryAuditRound round,
    IOptions<HistoryAuditOptions> options,
    TimeProvider time,
    ILogger<HistoryAuditGrain> logger) : Grain, IHistoryAuditGrain, IDisposable
{
    /// <summary>Of an audit that failed; shorter where audits are closer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _leaving = new();
    private Task _running = Task.CompletedTask;
    private DateTimeOffset _notBefore;
    private string? _failure;

    private HistoryAuditNews News => storage.State.News with { Failure = _failure };

    public Task<HistoryAuditNews> Nudge(CancellationToken cancellationToken)
    {
        var (now, last) = (time.GetUtcNow(), storage.State.News.LastComplete);
        if (_running.IsCompleted && now >= _notBefore && (last is null || now - last >= options.Value.AuditInterval))
        {
            _notBefore = now + Retry;
            var reports = this.AsReference<IHistoryAuditGrain>();
            var (days, leaving) = (Days(now, last), _leaving.Token);
            _running = Task.Run(() => Audit(reports, days, leaving), CancellationToken.None);
        }

        return Task.FromResult(News);
    }

    public async Task Ended(HistoryAuditNews news, CancellationToken cancellationToken)
    {
        _failure = news.Failure;
        _notBefore = time.GetUtcNow() + (news.Failure is null ? TimeSpan.Zero : Retry);
        if (news.Failure is null)
        {
            storage.State = new HistoryAuditState { News = news };
            await storage.WriteStateAsync(cancellationToken);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _running.WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose() => _leaving.Dispose();

    private TimeSpan Retry => options.Value.AuditInterval < Pause ? options.Value.AuditInterval : Pause;

    /// <summary>The window; more when the last audit was longer ago, within what the states still know.</summary>
    private int Days(DateTimeOffset now, DateTimeOffset? last)
    {
        var window = (int)Math.Ceiling(options.Value.AuditWindow.TotalDays);
        return last is null ? window : Math.Clamp((int)(now - last.Value).TotalDays + 2, window, Math.Max(window, HistoryAuditOptions.MaxDays));
    }

    private async Task Audit(IHistoryAuditGrain reports, int days, CancellationToken leaving)
    {
        try
        {
            await reports.Ended(await round.Run(days, leaving), leaving);
        }
        catch (Exception) when (leaving.IsCancellationRequested)
        {
            // The next activation begins anew.
        }
        catch (Exception failure)
        {
            logger.AuditFailed(failure, Retry, failure.Message);
            await reports.Ended(new HistoryAuditNews { Failure = failure.Message }, leaving);
        }
    }
}
