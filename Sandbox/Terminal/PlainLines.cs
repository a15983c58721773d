using System.Globalization;
using System.Text;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>For pipes and logs: a line when a resource appears, goes, or says something else than before.</summary>
internal sealed class PlainLines(TextWriter output, TimeProvider time) : IScreen
{
    private readonly Dictionary<string, object> _shown = new(StringComparer.Ordinal);

    public async Task Show(IAsyncEnumerable<BoardRows> updates, CancellationToken cancellationToken)
    {
        await foreach (var rows in updates.WithCancellation(cancellationToken))
        {
            // A dataset may have the name of a cluster.
            (string Name, object Said, string Text)[] lines =
            [
                .. rows.Clusters.Select(row => (row.Name, (object)row.Said, Describe(row))),
                .. rows.Datasets.Select(row => ($"sds/{row.Name}", (object)row.Said, Describe(row))),
            ];
            foreach (var line in lines)
            {
                if (!_shown.TryGetValue(line.Name, out var before) || !before.Equals(line.Said))
                {
                    await Say(line.Name, line.Text, cancellationToken);
                }

                _shown[line.Name] = line.Said;
            }

            foreach (var gone in _shown.Keys.Except(lines.Select(line => line.Name)).ToArray())
            {
                _shown.Remove(gone);
                await Say(gone, "deleted", cancellationToken);
            }
        }
    }

    private static string Describe(ClusterRow row)
    {
        if (row.Verdict.Length == 0)
        {
            return "waits for its first check";
        }

        var text = new StringBuilder(row.Verdict);
        Add(text, "", row.Reason);
        Add(text, "health ", row.Health);
        Add(text, "version ", row.Version);
        Add(text, "disk ", row.DiskPercent is { } disk ? string.Create(CultureInfo.InvariantCulture, $"{disk}%") : "");
        Add(text, "history ", row.HistoryText());
        return text.ToString();
    }

    private static string Describe(DatasetRow row)
    {
        if (row.Phase.Length == 0)
        {
            return "waits for its first look";
        }

        var text = new StringBuilder(row.Phase);
        Add(text, "", row.Reason);
        Add(text, "candidate ", row.Candidate);
        Add(text, "", row.Progress);
        Add(text, "version ", row.Version);
        Add(text, "docs ", row.DocsText());
        Add(text, "history ", row.HistoryText());
        return text.ToString();
    }

    private static void Add(StringBuilder text, string label, string value) =>
        _ = value.Length == 0 ? text : text.Append("  ").Append(label).Append(value);

    private async Task Say(string name, string what, CancellationToken cancellationToken)
    {
        var at = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"{at}  {name}  {what}".AsMemory(), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }
}
