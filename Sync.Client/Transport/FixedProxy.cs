using System.Net;

namespace Sync.Client.Transport;

/// <summary>The proxy that the options name, for every address. <see cref="WebProxy"/> would bring patterns of addresses to pass by, and with them
/// all regular expressions into a program that is compiled to native code.</summary>
internal sealed class FixedProxy(Uri address) : IWebProxy
{
    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => address;

    public bool IsBypassed(Uri host) => false;
}
