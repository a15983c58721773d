using System.Globalization;

namespace ClusterGrains.Clusters;

/// <summary>A cluster's own disk watermarks.</summary>
/// <param name="Enabled">Whether the cluster acts on them at all.</param>
/// <param name="OnSingleDataNode">Whether low and high count when there is only one data node.</param>
/// <param name="Assumed">Whether the cluster did not say them, so these are its product's defaults.</param>
internal sealed record Watermarks(
    Watermark Low, Watermark High, Watermark Flood, bool Enabled, bool OnSingleDataNode, bool Assumed)
{
    private const string Mark = ClusterSettings.Prefix + "watermark.";

    /// <summary>The effective ones: transient over persistent over default, or the product's when not known.</summary>
    public static Watermarks Of(ClusterSettings? settings, Engine engine, EngineVersion? version)
    {
        // Headrooms came with Elasticsearch 8.5; single data nodes are no exception since 8.0.
        var elastic = engine is not Engine.OpenSearch && version is not null;
        var headrooms = elastic && version!.Value.AtLeast(8, 5);
        var single = settings?[Mark + "enable_for_single_data_node"]
            ?? settings?[ClusterSettings.Prefix + "threshold.enable_for_single_data_node"];
        return new Watermarks(
            Effective(settings, "low", "85%", headrooms ? "200gb" : null),
            Effective(settings, "high", "90%", headrooms ? "150gb" : null),
            Effective(settings, "flood_stage", "95%", headrooms ? "100gb" : null),
            Enabled: settings?[ClusterSettings.Prefix + "threshold_enabled"] is not "false",
            OnSingleDataNode: single is null ? elastic && version!.Value.Major >= 8 : single == "true",
            Assumed: settings is null);
    }

    // A default headroom only belongs to a default watermark: a watermark of one's own is meant as written.
    private static Watermark Effective(ClusterSettings? settings, string name, string product, string? productHeadroom)
    {
        var chosen = settings?.Chosen.GetValueOrDefault(Mark + name);
        var headroom = settings?.Chosen.GetValueOrDefault($"{Mark}{name}.max_headroom")
            ?? (chosen is not null
                ? null
                : settings is null ? productHeadroom : settings.Defaults.GetValueOrDefault($"{Mark}{name}.max_headroom"));
        return Watermark.Parse(settings?[Mark + name], headroom) ?? Watermark.Parse(product, productHeadroom)!.Value;
    }
}

/// <summary>One watermark: a share of the disk that may be used, or bytes that must stay free.</summary>
/// <param name="Text">As the cluster says it.</param>
internal readonly record struct Watermark(string Text, double? UsedShare, double? FreeBytes, double? MaxHeadroom)
{
    private static readonly (string Suffix, double Bytes)[] Units =
    [
        ("pb", Math.Pow(1024, 5)), ("tb", Math.Pow(1024, 4)), ("gb", Math.Pow(1024, 3)), ("mb", 1024 * 1024), ("kb", 1024),
        ("p", Math.Pow(1024, 5)), ("t", Math.Pow(1024, 4)), ("g", Math.Pow(1024, 3)), ("m", 1024 * 1024), ("k", 1024), ("b", 1),
    ];

    /// <summary>A percentage or a ratio is what may be used, bytes are what must stay free. Null for anything else.</summary>
    public static Watermark? Parse(string? text, string? maxHeadroom)
    {
        if (text is null)
        {
            return null;
        }

        if (Share(text) is { } share)
        {
            var headroom = maxHeadroom is null ? null : Bytes(maxHeadroom);
            return new Watermark(text, share, null, headroom);
        }

        return Bytes(text) is { } bytes ? new Watermark(text, null, bytes, null) : null;
    }

    /// <summary>A node with less than this free, of <paramref name="total"/> bytes, is past the mark.</summary>
    public double NeedsFree(double total) => UsedShare is { } share
        ? Math.Min(total * (1 - share), MaxHeadroom ?? double.MaxValue)
        : FreeBytes ?? 0;

    public override string ToString() => (UsedShare, MaxHeadroom) switch
    {
        (null, _) => $"{Text} free",
        (_, { } headroom) => $"{Text} used, at most {ByteText.Of(headroom)} free needed",
        _ => $"{Text} used",
    };

    private static double? Share(string text)
    {
        var percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && (percent ? number / 100 : number) is >= 0 and <= 1 and var share
                ? share
                : null;
    }

    private static double? Bytes(string text)
    {
        var unit = Units.FirstOrDefault(unit => text.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase));
        return unit.Suffix is not null
            && double.TryParse(
                text[..^unit.Suffix.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number * unit.Bytes)
                ? number * unit.Bytes
                : null;
    }
}
