using System.ComponentModel.DataAnnotations;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Tests.Storage;

public sealed class MongoOptionsTests
{
    private const string Secret = "s3cr3t";

    [Theory]
    [InlineData("mongodb://localhost")]
    [InlineData("mongodb://user:p%40ss@a:27017,b:27018/other?replicaSet=rs0&tls=true&w=1")]
    [InlineData("mongodb://[::1]:27017")]
    [InlineData("mongodb+srv://user:pass@cluster.example.com/?retryWrites=true")]
    public void A_connection_string_of_MongoDB_is_taken(string text) => Assert.Empty(Problems(text, "clustergrains"));

    [Theory]
    [InlineData("")]
    [InlineData("localhost:27017")]
    [InlineData($"https://user:{Secret}@localhost")]
    [InlineData($"mongodb://user:{Secret}@localhost:port")]
    [InlineData($"mongodb://us@er:{Secret}/@localhost")]
    [InlineData($"mongodb://user:{Secret}@")]
    public void Another_text_is_refused_with_the_setting_and_without_what_is_in_it(string text)
    {
        var problem = Assert.Single(Problems(text, "clustergrains"));

        Assert.StartsWith("Storage:MongoDb:ConnectionString is ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("admin")]
    [InlineData("Local")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a$b")]
    [InlineData("ääääääääääääääääääääääääääääääää")]
    public void A_name_that_is_not_one_of_a_database_is_refused(string name)
    {
        var problem = Assert.Single(Problems("mongodb://localhost", name));

        Assert.StartsWith($"Storage:MongoDb:Database is '{name}'", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_connection_string_is_a_secret() =>
        Assert.True(Setting.All.Single(setting => setting.Name == "Storage:MongoDb:ConnectionString").IsSecret);

    [Fact]
    public void A_silo_names_every_mistake_at_once_and_no_password()
    {
        using var folder = new SiloFolder();

        var failure = Assert.Throws<SettingsException>(() => SiloHost.Build(
        [
            .. folder.Settings, "--Storage:Provider=mongodb", $"--Storage:MongoDb:ConnectionString=mongodb://u:{Secret}@", "--Storage:MongoDb:Database=config",
            "--Orleans:AdvertisedAddress=0.0.0.0",
        ]));

        Assert.Equal(3, failure.Problems.Count);
        Assert.Contains(failure.Problems, problem => problem.StartsWith("Orleans:AdvertisedAddress is '0.0.0.0'", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("Storage:MongoDb:ConnectionString is no", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("Storage:MongoDb:Database is 'config'", StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_named()
    {
        using var folder = new SiloFolder();

        var failure = Assert.Throws<SettingsException>(() => SiloHost.Build(
        [
            .. folder.Settings, "--Storage:Provider=MongoDb", "--Storage:MongoDb:ConnectionString=mongodb://localhost",
            "--Orleans:AdvertisedAddress=192.0.2.1",
        ]));

        Assert.StartsWith("Orleans:AdvertisedAddress is 192.0.2.1, which is no address of this machine.", Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Problems(string connectionString, string database)
    {
        var options = new MongoOptions { ConnectionString = connectionString, Database = database };
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => result.ErrorMessage!);
    }
}
