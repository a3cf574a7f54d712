using System.Net;
using Microsoft.AspNetCore.Http;
using Relay.Server.Replicas;
using Relay.Server.Storage;

namespace Relay.Server.Tests.Replicas;

/// <summary>Which address a request has that another replica passed on.</summary>
public sealed class ReplicaHeadersTests
{
    private static readonly ActiveRelay Active = new(new Uri("https://10.0.0.1:60002"), "the secret of this relay");
    private static readonly IPAddress Sender = IPAddress.Parse("192.0.2.9");

    [Fact]
    public void TryAccept_SecretOfThisRelay_TakesTheAddressOfTheClient()
    {
        HttpContext context = Request(Active.Secret, "198.51.100.7");

        Assert.True(ReplicaHeaders.TryAccept(context, Active));
        Assert.Equal(IPAddress.Parse("198.51.100.7"), context.Connection.RemoteIpAddress);
        Assert.Empty(context.Request.Headers);
    }

    /// <summary>A stranger who names another client's address would use up its limits, and hide behind it.</summary>
    [Theory]
    [Trait("Attack", "forged-forwarding")]
    [InlineData("the secret of the relay before", "198.51.100.7")]
    [InlineData("", "198.51.100.7")]
    [InlineData("the secret of this relay", "localhost")]
    [InlineData("the secret of this relay", "")]
    public void TryAccept_WithoutTheSecretOrAnAddress_KeepsTheAddressOfTheSender(string secret, string client)
    {
        HttpContext context = Request(secret, client);

        Assert.False(ReplicaHeaders.TryAccept(context, Active));
        Assert.Equal(Sender, context.Connection.RemoteIpAddress);
    }

    private static DefaultHttpContext Request(string secret, string client)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = Sender;
        context.Request.Headers[ReplicaHeaders.Secret] = secret;
        context.Request.Headers[ReplicaHeaders.Client] = client;
        return context;
    }
}
