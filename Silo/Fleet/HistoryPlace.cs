using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClusterGrains.History;

namespace ClusterGrains.Fleet;

/// <summary>
/// Where a record stands in the order of time: its day and second, then line and number, as text that sorts as it reads. Any
/// beginning of such a text is a place as well, before all that begin with it.
/// </summary>
internal readonly partial record struct HistoryPlace(string Text) : IComparable<HistoryPlace>
{
    private const int DayLength = 10;
    private const int TimeLength = 6;

    public DateOnly Day => DateOnly.ParseExact(Text.AsSpan(0, DayLength), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static HistoryPlace StartOf(DateOnly day) => new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>Before everything that ended in the second of <paramref name="instant"/> or later.</summary>
    public static HistoryPlace Of(DateTimeOffset instant) =>
        new(instant.UtcDateTime.ToString("yyyy-MM-dd'/'HHmmss", CultureInfo.InvariantCulture));

    /// <summary>The place of a numbered record; null for what is none of ours, or of another resource.</summary>
    /// <param name="resource">What the key calls the resource, without the uid: see <see cref="HistoryObject.Resource"/>.</param>
    public static HistoryPlace? Of(string key, DateOnly day, string resource)
    {
        // A uid has no dot: what has one is the rest of a longer name.
        if (!HistoryKey.TryParse(key, out var parsed)
            || !parsed.Resource.StartsWith(resource, StringComparison.Ordinal) || parsed.Resource[resource.Length..].Contains('.'))
        {
            return null;
        }

        var time = key.AsSpan(key.LastIndexOf('/') + 1, TimeLength);
        return time.ContainsAnyExceptInRange('0', '9')
            ? null
            : new(string.Create(
                CultureInfo.InvariantCulture, $"{StartOf(day).Text}/{time}/{parsed.Line:D10}/{parsed.Seq:D19}/{parsed.Resource[resource.Length..]}"));
    }

    /// <summary>The place in a token; null when it is none of ours.</summary>
    public static HistoryPlace? Read(string token)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            return Form().IsMatch(text) && DateOnly.TryParseExact(
                text.AsSpan(0, DayLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? new(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The token of a page that goes on before this place.</summary>
    public string Token() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Text));

    public int CompareTo(HistoryPlace other) => string.CompareOrdinal(Text, other.Text);

    public static bool operator <(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) < 0;

    public static bool operator >(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) > 0;

    public static bool operator <=(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) >= 0;

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}(/[0-9A-Za-z/_-]{0,100})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
