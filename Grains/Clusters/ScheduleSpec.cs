using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace ClusterGrains.Clusters;

/// <summary>How often, and how long at most. In the schema durations are texts like <c>90s</c> or <c>1h30m</c>.</summary>
public sealed record ScheduleSpec
{
    /// <summary>Time between two checks.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Budget of one check; see <see cref="EffectiveTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Budget of one request; see <see cref="EffectiveRequestTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Null when not set; see <see cref="EffectiveStaleAfter"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan? StaleAfter { get; init; }

    /// <summary>A check never outlives its slot.</summary>
    [JsonIgnore]
    public TimeSpan EffectiveTimeout => Timeout < Interval ? Timeout : Interval;

    /// <summary>A request never outlives its check.</summary>
    [JsonIgnore]
    public TimeSpan EffectiveRequestTimeout => RequestTimeout < EffectiveTimeout ? RequestTimeout : EffectiveTimeout;

    /// <summary>Three intervals when not set: one check may fail, and the next one still has time.</summary>
    [JsonIgnore]
    public TimeSpan EffectiveStaleAfter => StaleAfter ?? 3 * Interval;
}
