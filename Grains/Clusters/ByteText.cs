using System.Globalization;

namespace ClusterGrains.Clusters;

/// <summary>Bytes for people.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>For example <c>1.5 GiB</c>.</summary>
    public static string Of(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++)
        {
            bytes /= 1024;
        }

        return $"{bytes.ToString("0.#", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
