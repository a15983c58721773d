using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Lines as producers write them.</summary>
internal static class Packed
{
    /// <summary>So many lines, none like another and not all of them easy to compress.</summary>
    public static byte[] Lines(int count, int seed = 1)
    {
        var random = new Random(seed);
        var noise = new byte[60];
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(noise);
            text.Append("{\"id\":").Append(i).Append(",\"noise\":\"").Append(Convert.ToBase64String(noise)).Append("\"}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Gzip(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, 3))
        {
            zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(text);
        }

        return packed.ToArray();
    }

    public static async Task<byte[]> Unpack(Stream text)
    {
        await using (text)
        {
            using var all = new MemoryStream();
            await text.CopyToAsync(all, TestContext.Current.CancellationToken);
            return all.ToArray();
        }
    }
}
