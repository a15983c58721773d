using System.Net;
using System.Net.Sockets;
using ClusterGrains.Access;
using ClusterGrains.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>The ports of one silo.</summary>
internal static class Ports
{
    /// <summary>In a pod the kubelet and Prometheus ask from outside; elsewhere nobody does.</summary>
    private static readonly bool InPod =
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"));

    public static IPAddress ManagementAddress => InPod ? ApiListener.Everywhere : IPAddress.Loopback;

    /// <summary>Where the other silos reach this one; nobody outside this machine does when it is alone on its file.</summary>
    public static IPAddress SiloAddress(IConfiguration configuration, StorageOptions storage, OrleansOptions orleans)
    {
        var told = orleans.AdvertisedAddress is { Length: > 0 } setting ? setting : configuration["POD_IP"];
        return storage.IsMongoDb && IPAddress.TryParse(told, out var address) ? address : IPAddress.Loopback;
    }

    /// <summary>What keeps the silo from opening its ports, one line each.</summary>
    public static IReadOnlyList<string> Problems(IServiceProvider services)
    {
        var http = Value<HttpOptions>(services);
        var management = Value<ManagementOptions>(services);
        var orleans = Value<OrleansOptions>(services);
        var storage = Value<StorageOptions>(services);
        var access = Value<AccessOptions>(services)!;
        var silo = storage is not null && orleans is not null
            ? SiloAddress(services.GetRequiredService<IConfiguration>(), storage, orleans)
            : IPAddress.Loopback;
        if (InPod && IPAddress.IsLoopback(silo) && storage?.IsMongoDb == true)
        {
            return ["Orleans:AdvertisedAddress and POD_IP are empty: the other silos could not reach this one. Set the "
                + "environment variable POD_IP from the field status.podIP of the pod."];
        }

        if (!IsHere(silo))
        {
            return [$"Orleans:AdvertisedAddress is {silo}, which is no address of this machine. Set it to one, or leave it out."];
        }

        (string Setting, int Port, IPAddress Address)[] ports =
        [
            ("Http:Port", http?.Port ?? 0, http is null ? IPAddress.Loopback : ApiListener.Address(http, access)),
            ("Management:Port", management?.Port ?? 0, ManagementAddress),
            ("Orleans:SiloPort", orleans?.SiloPort ?? 0, silo),
            ("Orleans:GatewayPort", orleans?.GatewayPort ?? 0, silo),
        ];

        var wanted = ports.Where(port => port.Port > 0).ToArray();
        var shared = wanted.GroupBy(port => port.Port).Where(same => same.Count() > 1)
            .Select(same => $"{string.Join(" and ", same.Select(port => port.Setting))} are both {same.Key}; give each its own.");
        var taken = wanted.DistinctBy(port => port.Port).Where(port => !IsFree(port.Address, port.Port))
            .Select(port => $"{port.Setting} {port.Port} is in use by another process; "
                + $"stop that one or choose another with --{port.Setting}=<port>.");
        return
        [
            .. http is null ? [] : ApiListener.Problems(http, access),
            .. orleans is null ? [] : SiloCertificate.Problems(orleans.Tls),
            .. shared,
            .. taken,
        ];
    }

    /// <summary>A port that is free now: Orleans must know its own before it opens it.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// Tells the server what to open when it starts: the API first, then management; <see cref="SiloHost"/> counts on this
    /// order. Only after the settings are known to be good, because the server is built before anything can ask.
    /// </summary>
    public static void Assign(IServiceProvider services)
    {
        var kestrel = services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        ApiListener.Open(kestrel, services, Value<HttpOptions>(services)!, Value<AccessOptions>(services)!);
        kestrel.Listen(ManagementAddress, Value<ManagementOptions>(services)!.Port, Surface.Management.Mark);
    }

    /// <summary>Whether a listener could open the port now.</summary>
    public static bool IsFree(IPAddress address, int port)
    {
        try
        {
            // As Kestrel and Orleans do it: a port that is only closing down still counts as free.
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsHere(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // A value out of range is another problem, reported by whoever validates it.
    private static T? Value<T>(IServiceProvider services)
        where T : class
    {
        try
        {
            return services.GetRequiredService<IOptions<T>>().Value;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
