using System.Collections;

// An enclosing namespace: the compiler finds its methods before those of System.Linq.
#pragma warning disable IDE0130
namespace Sync;
#pragma warning restore IDE0130

/// <summary>Methods of <see cref="System.Linq.Enumerable"/> for the code of this namespace, in place of the originals, whose generic virtual methods
/// bring into a program that is compiled to native code an iterator for each pair of types. They do the same.</summary>
internal static class SyncSequences
{
    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> items, Func<T, TResult> selector)
    {
        foreach (T item in items)
        {
            yield return selector(item);
        }
    }

    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> items, Func<T, int, TResult> selector)
    {
        int index = 0;
        foreach (T item in items)
        {
            yield return selector(item, index++);
        }
    }

    public static IEnumerable<T> Where<T>(this IEnumerable<T> items, Func<T, bool> predicate)
    {
        foreach (T item in items)
        {
            if (predicate(item))
            {
                yield return item;
            }
        }
    }

    public static IEnumerable<TResult> SelectMany<T, TResult>(this IEnumerable<T> items, Func<T, IEnumerable<TResult>> selector)
    {
        foreach (T item in items)
        {
            foreach (TResult result in selector(item))
            {
                yield return result;
            }
        }
    }

    public static IEnumerable<TResult> OfType<TResult>(this IEnumerable items)
    {
        foreach (object? item in items)
        {
            if (item is TResult result)
            {
                yield return result;
            }
        }
    }

    public static IEnumerable<T> Concat<T>(this IEnumerable<T> first, IEnumerable<T> second)
    {
        foreach (T item in first)
        {
            yield return item;
        }

        foreach (T item in second)
        {
            yield return item;
        }
    }

    public static IEnumerable<T> Take<T>(this IEnumerable<T> items, int count)
    {
        if (count > 0)
        {
            foreach (T item in items)
            {
                yield return item;
                if (--count == 0)
                {
                    break;
                }
            }
        }
    }

    public static IEnumerable<T> Skip<T>(this IEnumerable<T> items, int count)
    {
        foreach (T item in items)
        {
            if (count > 0)
            {
                count--;
            }
            else
            {
                yield return item;
            }
        }
    }
}
