using Sync.Node.Hosting;

namespace Sync.Node.Tests.Hosting;

/// <summary>Where 'serve' serves: on this machine alone, unless an option says otherwise.</summary>
public sealed class ServeSettingsTests
{
    [Theory]
    [Trait("Attack", "sidecar-remote")]
    [InlineData("http://127.0.0.1:8000", true)]
    [InlineData("http://127.3.2.1:8000", true)]
    [InlineData("http://[::1]:8000", true)]
    [InlineData("http://localhost:8000", true)]
    [InlineData("http://0.0.0.0:8000", false)]
    [InlineData("http://[::]:8000", false)]
    [InlineData("http://10.0.0.1:8000", false)]
    [InlineData("http://localhost.example.com:8000", false)]
    public void FindError_Address_IsLoopbackOrRefused(string address, bool isTaken) =>
        Assert.Equal(isTaken, Read("--listen", address).FindError() is null);

    [Fact]
    public void FindError_RemoteAddressByTheInsecureOption_IsTaken() =>
        Assert.Null(Read("--listen", "http://0.0.0.0:8000", "--insecure-allow-remote").FindError());

    [Theory]
    [InlineData("--listen", "http://127.0.0.1:8000", "--listen-grpc", "http://127.0.0.1:8000")]
    [InlineData("--socket", "/run/a.sock", "--socket-grpc", "/run/a.sock")]
    public void FindError_OnePlaceForBoth_IsRefused(params string[] words) => Assert.NotNull(Read(words).FindError());

    [Fact]
    public void Read_NoPlace_IsLoopback() => Assert.Equal(
        (new Uri("http://127.0.0.1:8000"), new Uri("http://127.0.0.1:8001"), null), (Read().Rest, Read().Grpc, Read().Socket));

    [Fact]
    public void Read_SocketAlone_OpensNoPort() => Assert.Equal((null, null), (Read("--socket", "/run/a").Rest, Read("--socket", "/run/a").Grpc));

    private static ServeSettings Read(params string[] words)
    {
        ServeOptions options = new();
        System.CommandLine.RootCommand root = [];
        options.AddTo(root);
        return options.Read(root.Parse(words));
    }
}
