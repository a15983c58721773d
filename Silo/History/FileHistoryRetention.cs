using System.Globalization;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>
/// Deletes days of checks from a folder, as a bucket's lifecycle does: they are nearly all of the history. What else happened is
/// little, and kept.
/// </summary>
internal sealed class FileHistoryRetention(IOptions<HistoryOptions> options, TimeProvider time, ILogger<FileHistoryRetention> logger)
    : SiloLoop("Deleting old checks from the history", time, logger)
{
    /// <summary>A day's folder is deleted at the latest so long after its time.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromHours(6);

    /// <summary>Deletes the days that ended longer ago than <see cref="HistoryOptions.KeepChecks"/>.</summary>
    /// <param name="root">Of the store.</param>
    /// <exception cref="DependencyException">One of them could not be deleted.</exception>
    internal void DeleteOld(string root, CancellationToken cancellationToken)
    {
        var kept = DateOnly.FromDateTime((Time.GetUtcNow() - options.Value.KeepChecks).UtcDateTime);
        var checks = Path.Combine(root, HistoryObject.Folder(RecordKind.Check));
        Exception? first = null;
        foreach (var day in Days(checks).TakeWhile(_ => !cancellationToken.IsCancellationRequested).Where(day => day < kept))
        {
            try
            {
                Directory.Delete(Path.Combine(root, HistoryObject.Folder(RecordKind.Check, day)), recursive: true);
                logger.ChecksDeleted(day, options.Value.KeepChecks);
            }
            catch (DirectoryNotFoundException)
            {
                // Another silo was quicker.
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                first ??= failure;
            }
        }

        if (first is not null)
        {
            throw new DependencyException(
                Dependency.History, $"{checks}: {first.Message} For History:KeepChecks the operator must be allowed to delete there.", first);
        }
    }

    protected override async Task Run(CancellationToken cancellationToken)
    {
        if (options.Value.KeepChecks == TimeSpan.Zero || !HistoryLocation.TryParse(options.Value.Uri, out var location, out _)
            || location is not HistoryLocation.Folder folder)
        {
            return;
        }

        using var timer = new PeriodicTimer(Period, Time);
        do
        {
            await Try(
                token =>
                {
                    DeleteOld(folder.Path, token);
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Folders with another name are somebody else's.</summary>
    private static List<DateOnly> Days(string checks) =>
    [
        .. from folder in Directory.Exists(checks) ? Directory.EnumerateDirectories(checks, "dt=*") : []
           let day = DayOf(Path.GetFileName(folder))
           where day is not null
           select day.Value,
    ];

    private static DateOnly? DayOf(string name) =>
        DateOnly.TryParseExact(name, "'dt='yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
