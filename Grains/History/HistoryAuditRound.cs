using System.Collections.Immutable;
using System.Globalization;
using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>One audit of everything, told to everybody concerned: log, metrics, and each resource that misses records.</summary>
internal sealed class HistoryAuditRound(
    HistoryAudit audit,
    HistoryAuditMetrics metrics,
    IGrainFactory grains,
    IEnumerable<ResourceKind> kinds,
    TimeProvider time,
    ILogger<HistoryAuditRound> logger)
{
    private const int Concurrency = 8;

    /// <summary>Log lines for single lines of history; the rest is in the sum, and in the status of each resource.</summary>
    private const int MaxLogged = 20;

    private const int MaxShown = 5;

    private readonly Dictionary<string, ResourceKind> _kinds = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <param name="days">So many days before today, and today.</param>
    /// <exception cref="DependencyException">Storage or store did not answer everything.</exception>
    public async Task<HistoryAuditNews> Run(int days, CancellationToken cancellationToken)
    {
        var (began, started) = (time.GetUtcNow(), time.GetTimestamp());
        try
        {
            var report = await audit.Run(days, cancellationToken);
            await Tell(report, began, cancellationToken);
            metrics.Ended(complete: true, time.GetElapsedTime(started));
            return new HistoryAuditNews { LastComplete = began, Missing = report.Missing, Resources = Log(report), Unread = report.Unread };
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Ended(complete: false, time.GetElapsedTime(started));
            throw;
        }
    }

    /// <returns>How many resources miss any record.</returns>
    private int Log(HistoryAuditReport report)
    {
        foreach (var hole in report.Holes.Take(MaxLogged))
        {
            logger.Hole(hole.Mark.Kind, hole.Mark.Key, hole.Count, hole.Mark.Uid, Numbers([hole]));
        }

        var resources = report.Holes.DistinctBy(hole => (hole.Mark.Kind, hole.Mark.Key)).Count();
        if (report.Unread > 0)
        {
            logger.Unread(report.Unread);
        }

        if (resources == 0)
        {
            logger.Complete(report.From, report.To, report.Numbers);
        }
        else
        {
            logger.Incomplete(report.Missing, report.Numbers, report.From, report.To, resources);
        }

        return resources;
    }

    private Task Tell(HistoryAuditReport report, DateTimeOffset began, CancellationToken cancellationToken)
    {
        var torn = from hole in report.Holes
                   where hole.Mark.IsCurrent
                   group hole by hole.Mark.Uid into epoch
                   let holes = epoch.ToArray()
                   select (holes[0].Mark, (MissingRecords?)new MissingRecords(began, holes.Sum(hole => hole.Count), Numbers(holes)));
        return Parallel.ForEachAsync(
            torn.Concat(report.Whole.Select(mark => (mark, (MissingRecords?)null))),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (told, token) => await Tell(told.Item1, told.Item2, token));
    }

    private async Task Tell(HistoryMark mark, MissingRecords? missing, CancellationToken cancellationToken)
    {
        if (!_kinds.TryGetValue(mark.Kind, out var kind))
        {
            return;
        }

        try
        {
            var grain = grains.GetGrain<IResourceReports>(GrainId.Create(kind.GrainType, mark.Key.ToString()));
            await grain.Audited(mark.Uid, missing, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.NotTold(failure, mark.Kind, mark.Key);
        }
    }

    /// <summary>For example <c>41–45, 47 of line 1</c>.</summary>
    private static string Numbers(IReadOnlyCollection<HistoryHole> holes)
    {
        var ranges = holes.SelectMany(hole => hole.Ranges).ToImmutableArray();
        var shown = from range in ranges.Take(MaxShown)
                    group range by range.Line into line
                    select string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", line.Select(Text))} of line {line.Key}");
        return string.Join(", ", shown) + (ranges.Length > MaxShown ? ", …" : "");
    }

    private static string Text(SeqRange range) => range.FromSeq == range.ToSeq
        ? range.FromSeq.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.FromSeq}–{range.ToSeq}");
}
