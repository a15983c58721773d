using System.Globalization;
using System.Text;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>For pipes and logs: a line when a cluster appears, goes, or says something else than before.</summary>
internal sealed class PlainLines(TextWriter output, TimeProvider time) : IScreen
{
    private readonly Dictionary<string, ClusterRow> _shown = new(StringComparer.Ordinal);

    public async Task Show(IAsyncEnumerable<IReadOnlyList<ClusterRow>> updates, CancellationToken cancellationToken)
    {
        await foreach (var rows in updates.WithCancellation(cancellationToken))
        {
            foreach (var row in rows)
            {
                if (!_shown.TryGetValue(row.Name, out var before) || before.Said != row.Said)
                {
                    await Say(row.Name, Describe(row), cancellationToken);
                }

                _shown[row.Name] = row;
            }

            foreach (var gone in _shown.Keys.Except(rows.Select(row => row.Name)).ToArray())
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

    private static void Add(StringBuilder text, string label, string value) =>
        _ = value.Length == 0 ? text : text.Append("  ").Append(label).Append(value);

    private async Task Say(string name, string what, CancellationToken cancellationToken)
    {
        var at = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"{at}  {name}  {what}".AsMemory(), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }
}
