using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Relay.Server.Storage;

/// <summary>What the writes of one transaction collect, and write once before its commit.</summary>
internal interface ISharedWork
{
    void Write(DbConnection connection, DbTransaction transaction);
}

/// <summary>The collections of open transactions. Those of one that is rolled back are forgotten with it.</summary>
internal static class SharedWork
{
    private static readonly ConditionalWeakTable<DbTransaction, Dictionary<Type, ISharedWork>> Open = [];

    /// <summary>The collection of a transaction of <see cref="RelayDatabase.Write{T}(Func{DbConnection, DbTransaction, T})"/>.</summary>
    public static T Find<T>(DbTransaction transaction)
        where T : class, ISharedWork, new()
    {
        Dictionary<Type, ISharedWork> works = Open.GetOrCreateValue(transaction);
        if (!works.TryGetValue(typeof(T), out ISharedWork? work))
        {
            works[typeof(T)] = work = new T();
        }

        return (T)work;
    }

    /// <summary>Writes all that was collected.</summary>
    public static void WriteAll(DbConnection connection, DbTransaction transaction)
    {
        if (Open.TryGetValue(transaction, out Dictionary<Type, ISharedWork>? works))
        {
            foreach (ISharedWork work in works.Values)
            {
                work.Write(connection, transaction);
            }

            Open.Remove(transaction);
        }
    }
}
