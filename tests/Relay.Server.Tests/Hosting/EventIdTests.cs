using System.Reflection;
using Microsoft.Extensions.Logging;
using Relay.Server.Hosting;

namespace Relay.Server.Tests.Hosting;

public sealed class EventIdTests
{
    /// <summary>Operators filter and alert by the id of a log entry.</summary>
    [Fact]
    public void EventId_OfEachLogEntry_IsItsOwn()
    {
        ILookup<int, string> entries = typeof(RelayHost).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .ToLookup(
                method => method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId, method => $"{method.DeclaringType!.Name}.{method.Name}");

        Assert.True(entries.Count > 30);
        Assert.Empty(entries.Where(id => id.Count() > 1).Select(id => $"{id.Key}: {string.Join(", ", id)}"));
    }
}
