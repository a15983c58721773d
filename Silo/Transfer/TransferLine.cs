using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Storage;

namespace ClusterGrains.Transfer;

/// <summary>
/// One line of an export, with one of the four: first the header, then all states, all reminders, and the end.
/// </summary>
internal sealed record TransferLine
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TransferHeader? Header { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StateRow? State { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoredReminder? Reminder { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TransferEnd? End { get; init; }

    /// <summary>Which state or reminder, for people.</summary>
    [JsonIgnore]
    public string Name => State is { } state ? state.Key.ToString() : $"reminder '{Reminder?.Name}' of grain '{Reminder?.GrainId}'";

    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, TransferJson.Lines.TransferLine);
}

/// <param name="Format">Always <see cref="TransferHeader.Name"/>.</param>
/// <param name="Version">Raised with every member that is added below: an older version must not leave it behind.</param>
/// <param name="From">Where it was exported, for people.</param>
/// <param name="ExportedAt">When, for people.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record TransferHeader(string Format, int Version, string From, DateTimeOffset ExportedAt)
{
    public const string Name = "clustergrains-storage";

    /// <summary>The version that this code writes, and the highest that it reads.</summary>
    public const int Current = 1;
}

/// <summary>A reminder without its ETag, which every write makes anew and nobody keeps.</summary>
/// <param name="StartAt">As it is stored: see <see cref="StoredTime"/>.</param>
/// <param name="PeriodTicks">Of 100 ns.</param>
internal sealed record StoredReminder(string GrainId, string Name, string StartAt, long PeriodTicks)
{
    public static StoredReminder Of(ReminderEntry entry) =>
        new(entry.GrainId.ToString(), entry.ReminderName, StoredTime.Text(entry.StartAt), entry.Period.Ticks);

    /// <exception cref="FormatException">It is none of ours.</exception>
    public ReminderEntry Entry() => new()
    {
        GrainId = Orleans.Runtime.GrainId.Parse(GrainId),
        ReminderName = Name,
        StartAt = StoredTime.Parse(StartAt),
        Period = TimeSpan.FromTicks(PeriodTicks),
    };
}

/// <param name="States">How many there are.</param>
/// <param name="Reminders">How many there are.</param>
/// <param name="Sha256">Of the lines between header and end, line ends included, in hex.</param>
internal sealed record TransferEnd(long States, long Reminders, string Sha256);

[JsonSerializable(typeof(TransferLine))]
internal sealed partial class TransferJson : JsonSerializerContext
{
    /// <summary>Use this one: nothing may be missing or unknown, and documents, which are JSON in JSON, stay readable.</summary>
    public static TransferJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });
}
