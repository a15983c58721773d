namespace ClusterGrains.Sandbox.Kubernetes.Tables;

/// <summary>Ages as kubectl shows them: two digits of precision, coarser with distance.</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        var minutes = (long)age.TotalMinutes;
        var hours = (long)age.TotalHours;
        return age switch
        {
            _ when seconds < -1 => "<invalid>",
            _ when seconds < 0 => "0s",
            _ when seconds < 120 => $"{seconds}s",
            _ when minutes < 10 => Pair(minutes, "m", seconds % 60, "s"),
            _ when minutes < 180 => $"{minutes}m",
            _ when hours < 8 => Pair(hours, "h", minutes % 60, "m"),
            _ when hours < 48 => $"{hours}h",
            _ when hours < 192 => Pair(hours / 24, "d", hours % 24, "h"),
            _ when hours < 17_520 => $"{hours / 24}d",
            _ when hours < 70_080 => Pair(hours / 8_760, "y", hours / 24 % 365, "d"),
            _ => $"{hours / 8_760}y",
        };
    }

    private static string Pair(long whole, string unit, long rest, string smaller) =>
        rest == 0 ? $"{whole}{unit}" : $"{whole}{unit}{rest}{smaller}";
}
