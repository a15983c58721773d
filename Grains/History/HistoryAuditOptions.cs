using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>How often stored history is compared with what was recorded. Bound from <c>History</c>.</summary>
public sealed class HistoryAuditOptions : IValidatableObject
{
    public const string Section = "History";

    /// <summary>What the states of resources remember of their days.</summary>
    internal const int MaxDays = 14;

    /// <summary>Between two audits of the whole history, by one silo for all; 0 for none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How far back an audit looks, in whole days; further if the last one was longer ago. Nothing younger may be expired from the store.</summary>
    [Range(typeof(TimeSpan), "2.00:00:00", "14.00:00:00")]
    public TimeSpan AuditWindow { get; set; } = TimeSpan.FromDays(7);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AuditInterval > TimeSpan.Zero && AuditInterval < TimeSpan.FromSeconds(10))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(AuditInterval)} '{AuditInterval}' is too short; it lists days of history. Take at least 10s, or 0 for no audits.");
        }
    }
}

[OptionsValidator]
internal sealed partial class HistoryAuditOptionsValidator : IValidateOptions<HistoryAuditOptions>;
