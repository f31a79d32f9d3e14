// A hash table with open addressing, whose places are numbers of entries.
#include "core/usage/key_table.hpp"

#include <algorithm>
#include <cstring>

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr size_t kFirstPlaces = 64;

// Mixes eight bytes into a hash.
uint64_t Mix(uint64_t hash, uint64_t bytes) noexcept {
  const auto product = static_cast<unsigned __int128>(hash ^ bytes) * 0x9E3779B97F4A7C15U;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t MixText(uint64_t hash, std::string_view text) noexcept {
  hash = Mix(hash, text.size());
  while (!text.empty()) {
    uint64_t bytes = 0;
    const size_t size = std::min(text.size(), sizeof bytes);
    std::memcpy(&bytes, text.data(), size);
    hash = Mix(hash, bytes);
    text.remove_prefix(size);
  }
  return hash;
}

// Copies a text, which may be nullptr when it is empty.
char *CopyText(char *out, std::string_view text) noexcept {
  return std::copy(text.begin(), text.end(), out);
}

bool IsText(const char *bytes, std::string_view text) noexcept {
  return text.empty() || std::memcmp(bytes, text.data(), text.size()) == 0;
}

}  // namespace

KeyTable::KeyTable(Memory memory, uint64_t seed) noexcept
    : seed_(seed), entries_(memory), texts_(memory), index_(memory) {}

uint32_t KeyTable::HashOf(const Key &key) const noexcept {
  const uint64_t hash = MixText(MixText(Mix(seed_, key.group), key.first), key.second);
  return static_cast<uint32_t>(hash ^ hash >> 32);
}

bool KeyTable::IsAt(uint32_t id, uint32_t hash, const Key &key) const noexcept {
  const Entry &entry = entries_[id];
  if (entry.hash != hash || entry.group != key.group || entry.first_size != key.first.size() ||
      entry.size != key.first.size() + key.second.size()) {
    return false;
  }
  const char *text = entry.size == 0 ? nullptr : &texts_[entry.place];
  return IsText(text, key.first) && IsText(text + entry.first_size, key.second);
}

uint32_t KeyTable::Find(const Key &key) noexcept {
  const uint32_t hash = HashOf(key);
  if (index_.Size() > 0) {
    const size_t mask = index_.Size() - 1;
    for (size_t place = hash & mask; index_[place] != kNone; place = (place + 1) & mask) {
      if (IsAt(index_[place], hash, key)) {
        return index_[place];
      }
    }
  }
  return Add(hash, key);
}

// Adds a key that is not there.
uint32_t KeyTable::Add(uint32_t hash, const Key &key) noexcept {
  if (live_ >= limit_ && !GrowIndex()) {
    return kNone;
  }
  const size_t size = key.first.size() + key.second.size();
  const uint64_t text_place = texts_.Size();
  char *text = texts_.Extend(size);
  if (text == nullptr && size > 0) {
    return kNone;
  }
  CopyText(CopyText(text, key.first), key.second);

  uint32_t id = first_free_;
  if (id != kNone) {
    first_free_ = entries_[id].group;
  } else {
    id = Size();
    if (!entries_.Push({})) {
      return kNone;
    }
  }
  entries_[id] = {text_place, hash, key.group, static_cast<uint32_t>(key.first.size()),
                  static_cast<uint32_t>(size)};
  live_++;
  PutIntoIndex(id);
  return id;
}

void KeyTable::Drop(uint32_t id) noexcept {
  entries_[id].size = kFree;
  entries_[id].group = first_free_;
  first_free_ = id;
  live_--;
}

// Gives the texts of dropped keys free. Entries that were reused have their texts behind those of
// later ones, so the texts are moved in the order of their places.
void KeyTable::Compact() noexcept {
  // The index lists the entries by place until it is filled again.
  size_t count = 0;
  for (uint32_t id = 0; id < Size(); id++) {
    if (entries_[id].size != kFree) {
      index_[count++] = id;
    }
  }
  std::sort(index_.begin(), index_.begin() + count,
            [this](uint32_t a, uint32_t b) { return entries_[a].place < entries_[b].place; });
  uint64_t end = 0;
  for (size_t i = 0; i < count; i++) {
    Entry &entry = entries_[index_[i]];
    if (entry.size > 0) {
      std::memmove(&texts_[end], &texts_[entry.place], entry.size);
    }
    entry.place = end;
    end += entry.size;
  }
  texts_.Truncate(end);
  FillIndex();
}

bool KeyTable::GrowIndex() noexcept {
  const size_t places = index_.Size() == 0 ? kFirstPlaces : index_.Size();
  if (index_.Extend(places) == nullptr) {
    return false;
  }
  FillIndex();
  return true;
}

void KeyTable::FillIndex() noexcept {
  limit_ = static_cast<uint32_t>(index_.Size() / 4 * 3);
  std::fill(index_.begin(), index_.end(), kNone);
  for (uint32_t id = 0; id < Size(); id++) {
    if (entries_[id].size != kFree) {
      PutIntoIndex(id);
    }
  }
}

// Puts an entry that is not in the index into the first free place from that of its hash on.
void KeyTable::PutIntoIndex(uint32_t id) noexcept {
  const size_t mask = index_.Size() - 1;
  size_t place = entries_[id].hash & mask;
  while (index_[place] != kNone) {
    place = (place + 1) & mask;
  }
  index_[place] = id;
}

// The index starts small again: emptying a large one for each few keys would take longer than they
// do.
void KeyTable::Clear() noexcept {
  entries_.Truncate(0);
  texts_.Truncate(0);
  index_.Truncate(std::min(index_.Size(), kFirstPlaces));
  first_free_ = kNone;
  live_ = 0;
  FillIndex();
}

}  // namespace vidyo_cdr
