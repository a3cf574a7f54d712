using System.Data.Common;

namespace Relay.Server.Fleet;

/// <summary>Sees that an operator bans or removes a node.</summary>
internal interface INodeExclusionObserver
{
    /// <summary>Called in the transaction, which may be run twice and rolled back once.</summary>
    void Excluding(DbConnection connection, DbTransaction transaction, string node)
    {
    }

    /// <summary>Called when it is durable.</summary>
    void Excluded(string node)
    {
    }
}
