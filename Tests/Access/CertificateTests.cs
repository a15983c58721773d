using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Access;

/// <summary>What the API's port speaks, and with which certificate.</summary>
public sealed class CertificateTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_certificate_is_shown_to_the_next_connection_and_a_broken_one_never()
    {
        var certificate = world.Services.GetRequiredService<ServerCertificate>();
        var first = await Shown();

        world.Tls.Issue();
        var second = world.Tls.Certificate.Thumbprint;
        certificate.Look();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await Shown());

        // The pair is replaced one file after the other: what lies between fits nobody.
        await File.WriteAllTextAsync(world.Tls.Files.CertificatePath, "-----BEGIN CERTIFICATE-----", Cancellation);
        certificate.Look();
        Assert.Equal(second, await Shown());
        File.Delete(world.Tls.Files.KeyPath);
        certificate.Look();
        Assert.Equal(second, await Shown());

        world.Tls.Issue();
        certificate.Look();
        Assert.Equal(world.Tls.Certificate.Thumbprint, await Shown());
    }

    [Fact]
    public async Task The_files_are_looked_at_by_the_clock_and_what_came_of_it_is_counted()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var loads = new List<string>();
        using var loaded = new SemaphoreSlim(0);
        using var listener = Listen(meters, outcome =>
        {
            loads.Add(outcome);
            loaded.Release();
        });
        var options = new HttpOptions { Tls = { CertificatePath = world.Tls.Files.CertificatePath, KeyPath = world.Tls.Files.KeyPath } };
        using var certificate = new ServerCertificate(
            Options.Create(options), time, new CertificateMetrics(meters, time), NullLogger<ServerCertificate>.Instance);

        certificate.Open();
        await certificate.StartAsync(Cancellation);
        await loaded.WaitAsync(Cancellation);
        world.Tls.Issue();
        await Counted();
        await File.WriteAllTextAsync(world.Tls.Files.KeyPath, "no key", Cancellation);
        await Counted();
        certificate.Look();
        await certificate.StopAsync(Cancellation);
        world.Tls.Issue();

        Assert.Equal(["loaded", "loaded", "refused"], loads);

        async Task Counted()
        {
            do
            {
                time.Advance(ServerCertificate.Pace);
            }
            while (!await loaded.WaitAsync(TimeSpan.FromMilliseconds(50), Cancellation));
        }
    }

    [Fact]
    public void Without_a_certificate_there_are_no_files_to_look_at()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new CertificateMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        using var certificate = new ServerCertificate(
            Options.Create(new HttpOptions()), TimeProvider.System, metrics, NullLogger<ServerCertificate>.Instance);

        Assert.Null(Record.Exception(certificate.Look));
    }

    [Fact]
    public async Task The_port_speaks_nothing_but_TLS()
    {
        using var http = new HttpClient();

        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => http.GetAsync(new UriBuilder(world.Address) { Scheme = "http" }.Uri, Cancellation));
    }

    [Theory]
    [InlineData("--Access:Mode=Kubernetes", "Access:Mode is Kubernetes, and callers would send their tokens in plain text.")]
    [InlineData("--Http:Address=0.0.0.0", "Http:Address is 0.0.0.0, where others can ask, and Access:Mode is Loopback")]
    [InlineData("--Http:Address=::", "Http:Address is ::, where others can ask, and Access:Mode is Loopback")]
    [InlineData("--Http:Address=everywhere", "Http:Address is 'everywhere', which is no IP address.")]
    [InlineData("--Http:Tls:KeyPath=/nowhere/tls.key", "Http:Tls:CertificatePath is empty, and Http:Tls:KeyPath is not.")]
    [InlineData("--Access:Mode=Open", "Access:Mode is 'Open', which is not one of Loopback, Kubernetes.")]
    [InlineData("--Http:Tls:KeyPath=/nowhere/a --Http:Tls:CertificatePath=/nowhere/b", "Http:Tls: The certificate in /nowhere/b with the key in /nowhere/a cannot be used: ")]
    public void What_would_let_others_in_unasked_or_unprotected_does_not_start(string settings, string problem)
    {
        using var folder = new SiloFolder();

        var failure = Assert.Throws<SettingsException>(() => SiloHost.Build([.. folder.Settings, .. settings.Split(' ')]));

        Assert.StartsWith(problem, Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    /// <summary>The thumbprint of what a new connection is shown.</summary>
    private async Task<string> Shown()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, world.Address.Port, Cancellation);
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = world.Tls.Trust },
            Cancellation);
        return new System.Security.Cryptography.X509Certificates.X509Certificate2(stream.RemoteCertificate!).Thumbprint;
    }

    private static MeterListener Listen(IMeterFactory meters, Action<string> told)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "clustergrains.certificate.loads")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => told((string)tags[1].Value!));
        listener.Start();
        return listener;
    }
}
